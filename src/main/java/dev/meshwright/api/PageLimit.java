package dev.meshwright.api;

import org.springframework.http.HttpStatus;

/** How many items one page of a list may have. */
final class PageLimit {

	/** The most items of a page. */
	static final int MOST_ITEMS = 500;

	private PageLimit() {
	}

	/**
	 * The limit that was asked for.
	 * @throws ApiFailure 400 when no page has so many items
	 */
	static int checked(int limit) {
		if (limit < 1 || limit > MOST_ITEMS) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, "OUT_OF_RANGE",
					"limit must be 1 to " + MOST_ITEMS + ", not " + limit);
		}
		return limit;
	}

}
