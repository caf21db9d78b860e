package dev.meshwright.store;

import java.time.Instant;
import java.util.List;

import dev.meshwright.model.Resource;
import dev.meshwright.model.override.OverrideSpec;

/** Overrides, for those who end them. */
public interface Overrides {

	/** Those in force that end by themselves. One that cannot be read is left out. */
	Timed timed();

	/**
	 * Overrides with a time at which they end.
	 *
	 * @param overrides the overrides
	 * @param now the time of the database, by which they end
	 */
	record Timed(List<Resource<OverrideSpec>> overrides, Instant now) {
	}

}
