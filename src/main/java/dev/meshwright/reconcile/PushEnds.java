package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.cluster.ClusterFailure.FieldConflict.Field;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.reconcile.Plan.Reason;
import dev.meshwright.reconcile.Plan.Wait;
import dev.meshwright.store.PushEnd;
import dev.meshwright.store.PushEnd.ObjectEnd;
import dev.meshwright.store.PushState.InventoryEntry;
import dev.meshwright.store.UnitReport;
import org.jspecify.annotations.Nullable;

/**
 * Draws from what was done what the store keeps, what is reported and what comes next.
 */
final class PushEnds {

	/** A finished namespace wakes its services; this is for when that went amiss. */
	private static final Duration NAMESPACE_POLL = Duration.ofSeconds(2);

	private PushEnds() {
	}

	/** Whether a service must wait for its Kubernetes Namespace. */
	static boolean waitsForNamespace(UnitJob job) {
		return !job.claim().unit().isNamespace() && !job.compilation().manifests().isEmpty()
				&& !job.state().namespacePushed();
	}

	/** The Kubernetes Namespace that a unit lives in. */
	static ObjectRef namespace(UnitJob job) {
		return new ObjectRef(ObjectKind.NAMESPACE, "", job.claim().unit().namespace());
	}

	/** The result when no call was made. */
	static UnitPush.Result untouched(UnitJob job) {
		boolean compiled = !job.compilation().hasErrors() && job.obstacle().isEmpty();
		Optional<Wait> pause = (compiled && job.closed().isEmpty() && waitsForNamespace(job))
				? Optional.of(new Wait(Reason.NAMESPACE, NAMESPACE_POLL)) : job.plan().pause();
		List<Outcome> outcomes = job.obstacle().<List<Outcome>>map(List::of).orElse(List.of());
		boolean first = compiled && pause.isEmpty() && job.state().switchedAt() == null
				&& !job.compilation().manifests().isEmpty();
		return new UnitPush.Result(outcomes, false, first, pause, Set.of());
	}

	/** The result when everything is let go without a call; errors keep it. */
	static UnitPush.Result letGo(UnitJob job) {
		List<Outcome> outcomes = job.compilation().hasErrors() ? List.of()
				: job.inventory().keySet().stream().<Outcome>map((ref) -> new Outcome.Removed(ref, true)).toList();
		return new UnitPush.Result(outcomes, false, false, Optional.empty(), Set.of());
	}

	static PushEnd of(UnitJob job, UnitPush.Result result, boolean sandbox) {
		List<Outcome.Failed> failures = failures(job, result);
		Optional<Duration> again = failures.isEmpty() ? result.pause().map(Wait::left)
				: Optional.of(Backoff.after(failures, job.claim().attempts()));
		Programmed programmed = job.compilation().hasErrors() ? Programmed.ERRORS
				: !failures.isEmpty() ? Programmed.failed(failures)
						: result.pause()
							.map((pause) -> waiting(job, pause, result))
							.orElseGet(() -> Programmed.done(job.orphans(), job.held(), sandbox));
		Instant now = job.state().now();
		UnitReport report = Reports.of(job, programmed, Drifted.of(job, result), now);
		boolean vacant = !job.compilation().hasErrors() && job.compilation().manifests().isEmpty();
		return new PushEnd(job.claim(), job.compilation().revision(), objects(job, result), result.made(),
				result.switched(), again, !failures.isEmpty(), failures.isEmpty() && settled(job, result), vacant,
				Reports.same(job.state().report(), report) ? Optional.empty() : Optional.of(report),
				failures.isEmpty() ? result.pause().map(Wait::units).orElse(Set.of()) : Set.of(), job.leaseEnds());
	}

	/** In one word, for a trace. */
	static String outcome(UnitJob job, UnitPush.Result result) {
		if (job.compilation().hasErrors()) {
			return UnitForecast.COMPILE_FAILED;
		}
		return failures(job, result).stream()
			.map(Outcome.Failed::reason)
			.findFirst()
			.or(() -> result.pause().map((pause) -> pause.reason().name()))
			.orElse("done");
	}

	private static Programmed waiting(UnitJob job, Wait pause, UnitPush.Result result) {
		return job.closed()
			.map((closed) -> Programmed.closed(closed, job.isMoved()))
			.orElseGet(() -> Programmed.waiting(pause,
					(pause.reason() == Reason.NOT_ADMITTED) ? job.notAdmitting() : result.unavailable()));
	}

	/**
	 * What failed, and what was written only to be changed by others again, as before.
	 */
	private static List<Outcome.Failed> failures(UnitJob job, UnitPush.Result result) {
		List<Outcome.Failed> failures = new ArrayList<>(result.failures());
		failures.addAll(job.heldBack());
		for (Outcome outcome : result.outcomes()) {
			if (outcome instanceof Outcome.Written written && overruled(job, written)) {
				int forced = forced(job, written);
				if (Fight.isOn(forced)) {
					failures.add(Fight.over(written.write().ref(), fields(job, written), Fight.step(forced)));
				}
			}
		}
		return failures;
	}

	/** Whether somebody else's change was undone, be it without a conflict. */
	private static boolean overruled(UnitJob job, Outcome.Written written) {
		return !written.overruled().isEmpty() || job.drifts().containsKey(written.write().ref());
	}

	private static List<Field> fields(UnitJob job, Outcome.Written written) {
		@Nullable Drift drift = job.drifts().get(written.write().ref());
		return (written.overruled().isEmpty() && drift != null) ? drift.conflicts() : written.overruled();
	}

	private static int forced(UnitJob job, Outcome.Written written) {
		@Nullable InventoryEntry entry = job.inventory().get(written.write().ref());
		int before = (entry != null) ? entry.forced() : 0;
		return overruled(job, written) ? before + 1 : before;
	}

	/** Whether everything that a comparison found was set right. */
	private static boolean settled(UnitJob job, UnitPush.Result result) {
		Map<ObjectRef, Outcome> outcomes = UnitPush.byObject(result.outcomes());
		return job.wanted().stream().filter(job.suspect()::contains).allMatch(outcomes::containsKey);
	}

	private static List<ObjectEnd> objects(UnitJob job, UnitPush.Result result) {
		Map<ObjectRef, Outcome> outcomes = UnitPush.byObject(result.outcomes());
		List<ObjectEnd> ends = new ArrayList<>();
		for (Outcome outcome : outcomes.values()) {
			end(job, outcome).ifPresent(ends::add);
		}
		for (Step.Write write : job.plan().writes()) {
			if (!outcomes.containsKey(write.ref()) && !wasOpen(job, write.ref())) {
				ends.add(new PushEnd.Untouched(write.ref()));
			}
		}
		job.calmed()
			.stream()
			.filter((ref) -> !outcomes.containsKey(ref))
			.forEach((ref) -> ends.add(calmed(Objects.requireNonNull(job.inventory().get(ref)), job.state().now())));
		job.never().forEach((ref) -> ends.add(new PushEnd.Gone(ref, false)));
		return ends;
	}

	private static Optional<ObjectEnd> end(UnitJob job, Outcome outcome) {
		return switch (outcome) {
			case Outcome.Written written -> Optional.of(pushed(job, written));
			case Outcome.Removed(var ref, var kept) -> Optional.of(new PushEnd.Gone(ref, kept));
			case Outcome.Failed failed -> failed(job, failed);
		};
	}

	private static ObjectEnd pushed(UnitJob job, Outcome.Written written) {
		Step.Write write = written.write();
		LiveObject live = written.live();
		return new PushEnd.Pushed(write.ref(), live.uid(), live.resourceVersion(), write.hash(),
				LiveComparison.ownedHash(live), write.body(), write.awaits(), written.revision(), forced(job, written),
				job.needs(write.ref()), overruled(job, written), written.rewritten());
	}

	/** As it was, with nobody who changes it. */
	private static ObjectEnd calmed(InventoryEntry entry, Instant now) {
		return new PushEnd.Pushed(entry.ref(), Objects.requireNonNull(entry.uid()),
				Objects.requireNonNull(entry.resourceVersion()), entry.hash(), entry.ownedHash(), entry.body(),
				entry.awaits(), entry.revision(), Fight.forced(entry, now), null, false, entry.rewritten());
	}

	/**
	 * A definite refusal closes the intent; one that left open whether it was done, and
	 * one that comes on top of such, does not.
	 */
	private static Optional<ObjectEnd> failed(UnitJob job, Outcome.Failed failed) {
		@Nullable LiveObject ours = failed.ours();
		if (ours != null) {
			return Optional.of(new PushEnd.Pushed(failed.ref(), ours.uid(), ours.resourceVersion(), null,
					LiveComparison.ownedHash(ours), Map.of(), Set.of(), 0, 0));
		}
		boolean intended = job.plan().writes().stream().anyMatch((write) -> write.ref().equals(failed.ref()));
		boolean open = failed.unknown() || (wasOpen(job, failed.ref()) && !failed.reason().equals(Failures.CONFLICT));
		return (!intended || open) ? Optional.empty() : Optional.of(new PushEnd.Untouched(failed.ref()));
	}

	private static boolean wasOpen(UnitJob job, ObjectRef ref) {
		@Nullable InventoryEntry entry = job.inventory().get(ref);
		return entry != null && entry.intentFence() != null;
	}

}
