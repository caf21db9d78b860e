package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Condition.Type;

/**
 * A cluster that does not answer: what was true when it did may not be so any more.
 *
 * @param cluster the cluster
 * @param message why nothing is known
 * @param since since when
 */
record Silence(String cluster, String message, Instant since) {

	static Optional<Silence> of(ResultSet row) throws SQLException {
		boolean silent = !row.getBoolean("reachable") && !row.wasNull();
		Instant since = UnitRows.instant(row, "since");
		return (silent && since != null)
				? Optional.of(new Silence(row.getString("cluster"), row.getString("message"), since))
				: Optional.empty();
	}

	Condition doubt(Condition condition) {
		boolean live = condition.type() == Type.PROGRAMMED || condition.type() == Type.CONVERGED
				|| condition.type() == Type.READY;
		boolean doubtful = (condition.type() == Type.DRIFTED) ? condition.status() != Status.UNKNOWN
				: live && condition.status() == Status.TRUE;
		return doubtful ? new Condition(condition.type(), Status.UNKNOWN, "Unreachable",
				"cluster " + this.cluster + " was as declared when it last answered, and does not now: " + this.message,
				condition.observedGeneration(), this.since) : condition;
	}

}
