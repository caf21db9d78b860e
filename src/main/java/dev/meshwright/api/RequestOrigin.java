package dev.meshwright.api;

import java.io.IOException;

import dev.meshwright.store.AuditLog;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Tells the audit row of a commit which request made it and where it came from. */
@Component
class RequestOrigin extends OncePerRequestFilter {

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		AuditLog.Origin origin = new AuditLog.Origin(request.getMethod() + " " + request.getRequestURI(),
				request.getRemoteAddr());
		try {
			ScopedValue.where(AuditLog.Origin.CURRENT, origin).call(() -> {
				chain.doFilter(request, response);
				return null;
			});
		}
		catch (IOException | ServletException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new ServletException(ex);
		}
	}

}
