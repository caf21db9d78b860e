package dev.meshwright.store;

import java.util.Optional;

import dev.meshwright.model.Metadata;
import org.jspecify.annotations.Nullable;

/** Whether what is stored is what a change expects. */
final class Preconditions {

	private Preconditions() {
	}

	/** What was expected and what is stored, when they differ. */
	static Optional<String> violation(Change change, LockedRows.@Nullable Row stored) {
		Change.Precondition expected = change.precondition();
		boolean declared = stored != null && stored.declared();
		if (expected.absent() && declared) {
			return Optional
				.of("expected not to exist, stored is resourceVersion " + stored.row().metadata().resourceVersion());
		}
		if (expected.resourceVersion() == null && expected.uid() == null) {
			return Optional.empty();
		}
		if (stored == null || (change instanceof Change.Put && !declared)) {
			return Optional
				.of("expected " + text(expected) + ", but it does not exist; leave the precondition out to create it");
		}
		Metadata metadata = stored.row().metadata();
		boolean holds = (expected.resourceVersion() == null
				|| expected.resourceVersion().equals(metadata.resourceVersion()))
				&& (expected.uid() == null || expected.uid().equals(metadata.uid().toString()));
		return holds ? Optional.empty() : Optional.of("expected " + text(expected) + ", stored is resourceVersion "
				+ metadata.resourceVersion() + " and uid " + metadata.uid());
	}

	private static String text(Change.Precondition expected) {
		if (expected.uid() == null) {
			return "resourceVersion " + expected.resourceVersion();
		}
		return (expected.resourceVersion() == null) ? "uid " + expected.uid()
				: "resourceVersion " + expected.resourceVersion() + " and uid " + expected.uid();
	}

}
