package dev.meshwright.access;

import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.store.AuditLog;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Lets a call through when its caller has the permission that the operation declares.
 * Whatever declares none is refused, unless it is open to everybody by its path. Denials
 * are audited. OPTIONS is answered by the framework alone, with the methods of a path.
 */
@Component
class PermissionInterceptor implements HandlerInterceptor {

	private final AuditLog auditLog;

	PermissionInterceptor(AuditLog auditLog) {
		this.auditLog = auditLog;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (request.getDispatcherType() == DispatcherType.REQUEST && handler instanceof HandlerMethod method
				&& !HttpMethod.OPTIONS.matches(request.getMethod()) && !OpenPaths.contains(request.getRequestURI())) {
			check(request, method.getMethodAnnotation(Requires.class));
		}
		return true;
	}

	private void check(HttpServletRequest request, @Nullable Requires requires) {
		Caller caller = AuthenticatedCaller.current()
			.orElseThrow(() -> new AccessDeniedException("Nobody has been identified"));
		if (requires == null) {
			deny(request, caller, "Nobody may do this: the operation declares no permission");
		}
		else if (!caller.may(requires.value())) {
			deny(request, caller, "This needs the permission " + lowerCamel(requires.value()) + ", which the role of "
					+ caller.name() + " does not have; ask an administrator for a token that has it");
		}
	}

	private void deny(HttpServletRequest request, Caller caller, String message) {
		String action = request.getMethod() + " "
				+ request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		this.auditLog.record(new AuditLog.Entry(caller.name(), action, request.getRequestURI(), false,
				request.getRemoteAddr(), null));
		throw new AccessDeniedException(message);
	}

	private static String lowerCamel(Permission permission) {
		return (permission == Permission.ADMINISTER) ? "administer"
				: permission.name().toLowerCase(java.util.Locale.ROOT).replace("_resources", "Resources");
	}

}
