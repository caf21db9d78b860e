package dev.meshwright.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.ForeseenReads;
import dev.meshwright.compile.Placement;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Placements;
import dev.meshwright.store.Placements.Placed;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.UnitReport;
import dev.meshwright.store.Units.Claim;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Decides where services and namespaces are. */
@Component
class PlacementWork {

	private final Snapshots snapshots;

	private final BiFunction<UnitId, Snapshot, Placement> compiler;

	private final int version;

	private final Placements placements;

	@Autowired
	PlacementWork(Snapshots snapshots, Compiler compiler, Placements placements) {
		this(snapshots, compiler::place, compiler.version(), placements);
	}

	PlacementWork(Snapshots snapshots, BiFunction<UnitId, Snapshot, Placement> compiler, int version,
			Placements placements) {
		this.version = version;
		this.snapshots = snapshots;
		this.compiler = compiler;
		this.placements = placements;
	}

	/**
	 * Places all of them on one snapshot and records it in one transaction; when it
	 * throws, nothing is recorded.
	 */
	void work(List<Claim> claims) {
		Placements.Reported reported = this.placements.reports(claims.stream().map(Claim::unit).toList());
		List<Placed> placed = this.snapshots.read((snapshot) -> {
			ForeseenReads.announce(claims.stream().map(Claim::unit).toList(), snapshot);
			List<Placed> done = new ArrayList<>();
			for (Claim claim : claims) {
				Placement placement = this.compiler.apply(claim.unit(), snapshot);
				UnreadableDeclaration.refuse(snapshot, placement.reads());
				done.add(placed(claim, placement, Optional.ofNullable(reported.reports().get(claim.unit())),
						reported.now()));
			}
			return done;
		});
		this.placements.finish(placed);
	}

	private Placed placed(Claim claim, Placement placement, Optional<UnitReport> last, Instant now) {
		UnitReport report = Reports.of(placement, last, now);
		return new Placed(claim, placement.revision(), this.version, placement.reads(), placement.clusters(),
				placement.declared(), Reports.same(last, report) ? Optional.empty() : Optional.of(report));
	}

}
