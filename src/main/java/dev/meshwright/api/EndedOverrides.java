package dev.meshwright.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.meshwright.document.ShapeError;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.store.Change;
import org.jspecify.annotations.Nullable;

/**
 * Finds Overrides that are over before they are written: they would be pushed and taken
 * back at once, and who mistyped a year would believe them in force. The compiler cannot
 * tell, because it has no clock.
 */
final class EndedOverrides {

	private EndedOverrides() {
	}

	/**
	 * One error for each. What is declared so already is none: it was written in time,
	 * and only waits for being taken back.
	 * @param now the database's time, asked for where it matters
	 */
	static List<ShapeError> in(List<Writes.Item> items, Snapshot snapshot, Supplier<Instant> now) {
		List<ShapeError> errors = new ArrayList<>();
		for (Writes.Item item : items) {
			if (item.change() instanceof Change.Put put && put.spec() instanceof OverrideSpec spec) {
				@Nullable Instant end = spec.expiresAt();
				if (end != null && !declared(put, spec, snapshot)) {
					Instant time = now.get();
					if (!end.isAfter(time)) {
						errors.add(item.error("/spec/expiresAt", "ALREADY_EXPIRED",
								end + " is past: it is " + time + " by the clock of the database, and the Override"
										+ " would be taken back as soon as it is written; give a later time, or leave"
										+ " the Override out"));
					}
				}
			}
		}
		return errors;
	}

	private static boolean declared(Change.Put put, OverrideSpec spec, Snapshot snapshot) {
		return snapshot.find(put.id(), OverrideSpec.class)
			.filter((override) -> override.spec().equals(spec))
			.isPresent();
	}

}
