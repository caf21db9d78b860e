package dev.meshwright.api;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param apiVersion always {@code meshwright.dev/v1}
 * @param kind the kind of its items, followed by {@code List}
 * @param metadata where it goes on and what it shows
 * @param items the resources
 */
record ListView(String apiVersion, String kind, ListMetadata metadata, List<ResourceView> items) {

	/**
	 * Metadata of a list.
	 *
	 * @param next the token for the next page; absent on the last one
	 * @param revision the revision that the page shows
	 */
	record ListMetadata(@com.fasterxml.jackson.annotation.JsonProperty("continue") @Nullable String next,
			long revision) {
	}

}
