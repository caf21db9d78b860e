package dev.meshwright.api;

import java.time.Instant;
import java.util.List;

import dev.meshwright.store.AuditLog;
import org.jspecify.annotations.Nullable;

/**
 * One page of the audit log, newest first.
 *
 * @param kind always {@code AuditEventList}
 * @param items the rows
 * @param next what to send as {@code before} for the next page; absent on the last
 */
record AuditListView(String kind, List<AuditView> items, @Nullable Long next) {

	/**
	 * What somebody did, or was not allowed to do.
	 *
	 * @param id its number
	 * @param timestamp when
	 * @param actor who
	 * @param action the operation
	 * @param target what it was done to
	 * @param allowed whether it was allowed
	 * @param remoteAddress where it came from
	 * @param revision the revision it made
	 */
	record AuditView(long id, Instant timestamp, String actor, String action, String target, boolean allowed,
			String remoteAddress, @Nullable Long revision) {

		static AuditView of(AuditLog.Recorded row) {
			AuditLog.Entry entry = row.entry();
			return new AuditView(row.id(), row.timestamp(), entry.actor(), entry.action(), entry.target(),
					entry.allowed(), entry.remoteAddress(), entry.revision());
		}

	}

}
