package dev.meshwright.store;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Key;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Units.Claim;

/** Records where services and namespaces are placed. */
public interface Placements {

	/** What placements reported last. */
	Reported reports(Collection<UnitId> placements);

	/**
	 * Records reads and reports, makes the units of new clusters and of clusters no
	 * longer named dirty, and ends the claims; all of it in one transaction.
	 * @return the claims that still held; nothing is recorded for the others
	 */
	Set<Claim> finish(Collection<Placed> placed);

	/**
	 * What placements reported.
	 *
	 * @param reports by placement; one that never reported is missing
	 * @param now the database's time
	 */
	record Reported(Map<UnitId, UnitReport> reports, Instant now) {
	}

	/**
	 * The outcome of one placement.
	 *
	 * @param claim the claim, which ends
	 * @param revision the revision of the snapshot
	 * @param compilerVersion the compiler's version
	 * @param reads every key asked for
	 * @param clusters the clusters
	 * @param declared whether its subject is declared; when it is not, the placement goes
	 * with its last unit
	 * @param report what to report; empty when it is what was reported last
	 */
	record Placed(Claim claim, long revision, int compilerVersion, Set<Key> reads, Set<String> clusters,
			boolean declared, Optional<UnitReport> report) {
	}

}
