package dev.meshwright.cluster;

import java.util.List;

/**
 * A complete list of live objects at one moment.
 *
 * @param objects the objects
 * @param resourceVersion the moment: where a watch that misses nothing starts
 */
public record Listing(List<LiveObject> objects, String resourceVersion) {

	public Listing {
		objects = List.copyOf(objects);
	}

}
