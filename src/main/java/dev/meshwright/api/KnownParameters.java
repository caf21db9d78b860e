package dev.meshwright.api;

import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import dev.meshwright.document.Pointers;
import dev.meshwright.document.ShapeError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Refuses query parameters that the operation does not know, given twice, or with control
 * characters: a misspelt {@code dryRun} must not write.
 */
@Configuration(proxyBeanMethods = false)
class KnownParameters implements HandlerInterceptor, WebMvcConfigurer {

	private final Map<HandlerMethod, SortedSet<String>> known = new ConcurrentHashMap<>();

	/** After the permissions, so that who may do nothing learns nothing. */
	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this).order(1);
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (handler instanceof HandlerMethod method && method.hasMethodAnnotation(Described.class)) {
			SortedSet<String> names = this.known.computeIfAbsent(method, KnownParameters::names);
			List<ShapeError> errors = new ArrayList<>();
			request.getParameterMap().forEach((name, values) -> errors.addAll(check(name, values, names)));
			if (!errors.isEmpty()) {
				throw ApiFailure.of(HttpStatus.BAD_REQUEST, errors);
			}
		}
		return true;
	}

	private static SortedSet<String> names(HandlerMethod method) {
		SortedSet<String> names = new TreeSet<>();
		for (Parameter parameter : method.getMethod().getParameters()) {
			RequestParam declared = parameter.getAnnotation(RequestParam.class);
			if (declared != null) {
				names.add(declared.name().isEmpty() ? parameter.getName() : declared.name());
			}
		}
		return names;
	}

	private static List<ShapeError> check(String name, String[] values, SortedSet<String> known) {
		if (!known.contains(name)) {
			String choice = known.isEmpty() ? "there are none here" : "known are " + String.join(", ", known);
			return List.of(new ShapeError("", "UNKNOWN_PARAMETER",
					"There is no query parameter " + Pointers.shown(name) + "; " + choice));
		}
		if (values.length > 1) {
			return List.of(new ShapeError("", "DUPLICATE", name + " is given twice; keep one"));
		}
		boolean control = Arrays.stream(values).flatMapToInt(String::chars).anyMatch(Character::isISOControl);
		return control
				? List.of(new ShapeError("", "INVALID_PARAMETER",
						name + " has control characters; write it without, percent-encoded UTF-8 where needed"))
				: List.of();
	}

}
