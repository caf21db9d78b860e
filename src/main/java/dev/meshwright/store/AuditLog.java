package dev.meshwright.store;

import java.time.Instant;
import java.util.List;

import dev.meshwright.model.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, allowed or denied. Rows are only ever added. A commit writes its own row
 * in its transaction.
 */
public interface AuditLog {

	/** Adds a row for something that is not a commit, such as a denial. */
	void record(Entry entry);

	/** Adds a row for something that is not a commit and that the caller has done. */
	default void allowed(Caller caller, String target) {
		Origin origin = Origin.CURRENT.orElse(Origin.UNKNOWN);
		record(new Entry(caller.name(), origin.action(), target, true, origin.remoteAddress(), null));
	}

	/**
	 * Up to {@code limit} rows below {@code before} (an id, or null for the newest),
	 * newest first.
	 */
	List<Recorded> list(@Nullable Long before, int limit);

	/**
	 * What happened.
	 *
	 * @param actor who, or {@code anonymous}
	 * @param action the operation, such as {@code PUT
	 * /api/v1/namespaces/{namespace}/services/{name}}
	 * @param target what it was done to
	 * @param allowed whether it was allowed
	 * @param remoteAddress where it came from
	 * @param revision the revision it made, or null
	 */
	record Entry(String actor, String action, String target, boolean allowed, String remoteAddress,
			@Nullable Long revision) {
	}

	/**
	 * What the present request is and where it came from, for the row that a commit
	 * writes. Whoever serves requests binds it around them with {@link Origin#CURRENT}; a
	 * commit made without one is recorded as {@code commit} from nowhere.
	 *
	 * @param action the operation, as in {@link Entry}
	 * @param remoteAddress where it came from
	 */
	record Origin(String action, String remoteAddress) {

		/** Bound to the request that the running thread serves. */
		public static final ScopedValue<Origin> CURRENT = ScopedValue.newInstance();

		static final Origin UNKNOWN = new Origin("commit", "");

	}

	/**
	 * A row.
	 *
	 * @param id its number
	 * @param timestamp when
	 * @param entry what
	 */
	record Recorded(long id, Instant timestamp, Entry entry) {
	}

}
