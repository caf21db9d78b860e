package dev.meshwright.model;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Changes to the headers of requests and responses.
 *
 * @param request what happens to the request's headers on the way to the service
 * @param response what happens to the response's headers on the way back
 */
public record HeaderOperations(@Nullable Changes request, @Nullable Changes response) {

	/**
	 * Changes to one set of headers. Values are literal: {@code %} means a percent sign.
	 *
	 * @param set headers to overwrite
	 * @param add headers to append
	 * @param remove headers to take away
	 */
	public record Changes(@Nullable Map<String, String> set, @Nullable Map<String, String> add,
			@Nullable List<String> remove) {
	}

}
