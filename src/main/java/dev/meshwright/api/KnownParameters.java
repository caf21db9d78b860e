package dev.meshwright.api;

import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import dev.meshwright.document.Pointers;
import dev.meshwright.document.ShapeError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Refuses query parameters that the operation does not know, given twice, without a value
 * or with control characters: a misspelt or empty {@code dryRun} must not write.
 */
@Configuration(proxyBeanMethods = false)
class KnownParameters implements HandlerInterceptor, WebMvcConfigurer {

	private final Map<HandlerMethod, SortedMap<String, Parameter>> known = new ConcurrentHashMap<>();

	/** After the permissions, so that who may do nothing learns nothing. */
	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this).order(1);
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (handler instanceof HandlerMethod method && method.hasMethodAnnotation(Described.class)) {
			SortedMap<String, Parameter> named = this.known.computeIfAbsent(method, KnownParameters::named);
			List<ShapeError> errors = new ArrayList<>();
			request.getParameterMap().forEach((name, values) -> errors.addAll(check(name, values, named)));
			if (!errors.isEmpty()) {
				throw ApiFailure.of(HttpStatus.BAD_REQUEST, errors);
			}
		}
		return true;
	}

	private static SortedMap<String, Parameter> named(HandlerMethod method) {
		SortedMap<String, Parameter> named = new TreeMap<>();
		for (Parameter parameter : method.getMethod().getParameters()) {
			RequestParam declared = parameter.getAnnotation(RequestParam.class);
			if (declared != null) {
				named.put(declared.name().isEmpty() ? parameter.getName() : declared.name(), parameter);
			}
		}
		return named;
	}

	private static List<ShapeError> check(String name, String[] values, SortedMap<String, Parameter> known) {
		@Nullable Parameter parameter = known.get(name);
		if (parameter == null) {
			String choice = known.isEmpty() ? "there are none here" : "known are " + String.join(", ", known.keySet());
			return List.of(new ShapeError("", "UNKNOWN_PARAMETER",
					"There is no query parameter " + Pointers.shown(name) + "; " + choice));
		}
		if (values.length > 1) {
			return List.of(new ShapeError("", "DUPLICATE", name + " is given twice; keep one"));
		}
		if (Arrays.stream(values).flatMapToInt(String::chars).anyMatch(Character::isISOControl)) {
			return List.of(new ShapeError("", "INVALID_PARAMETER",
					name + " has control characters; write it without, percent-encoded UTF-8 where needed"));
		}
		if (values[0].isBlank() && !mayBeEmpty(parameter)) {
			String value = (parameter.getType() == boolean.class) ? "write " + name + "=true" : "give it one";
			return List
				.of(new ShapeError("", "INVALID_PARAMETER", name + " has no value; " + value + " or leave it out"));
		}
		return List.of();
	}

	/**
	 * Whether nothing is what the document of the API says that the parameter is when it
	 * is left out, as of a selector, which then selects everything. Of any other an empty
	 * value would be replaced by the default, which is not what the caller wrote.
	 */
	private static boolean mayBeEmpty(Parameter parameter) {
		return parameter.getAnnotation(RequestParam.class).defaultValue().isEmpty();
	}

}
