package dev.meshwright.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The history: every committed change set. Changes of resources that the caller may not
 * see are left out.
 */
public interface Revisions {

	/** The head revision, 0 before the first commit. */
	long head();

	/**
	 * Up to {@code limit} revisions below {@code before} (or from the head), newest
	 * first.
	 */
	List<Revision> list(Caller caller, @Nullable Long before, int limit);

	/** One revision with its changes. */
	Optional<Revision> find(Caller caller, long revision);

	/**
	 * Up to {@code limit} revisions above {@code after}, oldest first: what an event
	 * stream sends.
	 */
	List<Revision> after(Caller caller, long after, int limit);

	/**
	 * The W3C traceparent in which a revision was committed; empty when there was no
	 * trace or is no such revision.
	 */
	Optional<String> traceparent(long revision);

	/**
	 * Bound by whoever commits within a trace: its W3C traceparent, which is kept with
	 * the revision.
	 */
	ScopedValue<String> TRACEPARENT = ScopedValue.newInstance();

	/**
	 * One committed change set.
	 *
	 * @param number its number
	 * @param author who committed it
	 * @param message why
	 * @param timestamp when, database time
	 * @param changes what it changed
	 */
	record Revision(long number, String author, String message, Instant timestamp, List<RevisionChange> changes) {
	}

	/**
	 * The change of one resource.
	 *
	 * @param id the resource
	 * @param before what was declared, as {@code {metadata: {labels, annotations, uid,
	 * generation}, spec}}; null when nothing was
	 * @param after what is declared, likewise; null when it was deleted
	 */
	record RevisionChange(ResourceId id, @Nullable ObjectNode before, @Nullable ObjectNode after) {
	}

}
