package dev.meshwright.compile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.meshwright.model.Durations;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.namespace.SyncWindow;
import dev.meshwright.model.namespace.SyncWindow.Kind;

/**
 * Whether what is compiled may be pushed. Declared, and compiled without a clock;
 * evaluated by whoever knows the time.
 *
 * @param paused what is paused, such as {@code Namespace shop}
 * @param windows the sync windows that hold
 */
public record SyncGate(List<String> paused, List<SyncWindow> windows) {

	/** Nothing keeps anything back. */
	public static final SyncGate OPEN = new SyncGate(List.of(), List.of());

	/** More changes of windows than are followed to find the one that opens. */
	private static final int MOST_CHANGES = 200;

	/** The gate of a cluster, whatever its namespaces say. */
	static SyncGate of(String name, ClusterSpec cluster) {
		return Boolean.TRUE.equals(cluster.paused()) ? new SyncGate(List.of("Cluster " + name), List.of()) : OPEN;
	}

	/**
	 * This gate, and that of a namespace on a cluster.
	 * @param cluster the cluster; empty for the windows of every cluster only
	 */
	public SyncGate and(String name, NamespaceSpec namespace, String cluster) {
		List<String> both = new ArrayList<>(this.paused);
		if (Boolean.TRUE.equals(namespace.paused())) {
			both.add("Namespace " + name);
		}
		List<SyncWindow> holding = Given.list(namespace.syncWindows())
			.stream()
			.filter((window) -> window.clusters() == null || window.clusters().contains(cluster))
			.toList();
		return new SyncGate(List.copyOf(both), holding);
	}

	/**
	 * What keeps pushes back.
	 *
	 * @param pausing whether it is a pause, which nothing passes
	 * @param manualSync whether a sync that somebody asks for passes
	 * @param until when it opens by itself; empty when that cannot be foreseen
	 * @param message why, and until when
	 */
	public record Closed(boolean pausing, boolean manualSync, Optional<Instant> until, String message) {
	}

	/** What keeps pushes back at a time, if anything does. */
	public Optional<Closed> at(Instant now) {
		if (!this.paused.isEmpty()) {
			return Optional
				.of(new Closed(true, false, Optional.empty(), "paused by " + String.join(" and ", this.paused)
						+ "; nothing is pushed until paused: true is taken away there"));
		}
		List<Timed> timed = this.windows.stream().map(Timed::of).toList();
		if (isOpen(timed, now)) {
			return Optional.empty();
		}
		List<Timed> denying = of(timed, Kind.DENY).filter((each) -> each.isOpen(now)).toList();
		boolean manual = denying.isEmpty() ? of(timed, Kind.ALLOW).anyMatch(Timed::isManual)
				: denying.stream().allMatch(Timed::isManual);
		Optional<Instant> until = opens(timed, now);
		return Optional.of(new Closed(false, manual, until,
				why(timed, denying) + until(until) + (manual ? ". A sync that is asked for passes" : "")));
	}

	/** A window with its schedule, read once for all the times that are looked at. */
	private record Timed(SyncWindow window, SyncSchedule schedule) {

		static Timed of(SyncWindow window) {
			return new Timed(window, SyncSchedule.of(window));
		}

		boolean isOpen(Instant now) {
			return this.schedule.end(now).isPresent();
		}

		boolean isManual() {
			return Boolean.TRUE.equals(this.window.manualSync());
		}

	}

	private static boolean isOpen(List<Timed> windows, Instant now) {
		return of(windows, Kind.DENY).noneMatch((each) -> each.isOpen(now))
				&& (of(windows, Kind.ALLOW).findAny().isEmpty()
						|| of(windows, Kind.ALLOW).anyMatch((each) -> each.isOpen(now)));
	}

	private static Stream<Timed> of(List<Timed> windows, Kind kind) {
		return windows.stream().filter((each) -> each.window.kind() == kind);
	}

	/** From one beginning or end of a window to the next, until it is open. */
	private static Optional<Instant> opens(List<Timed> windows, Instant closed) {
		Optional<Instant> time = Optional.of(closed);
		for (int change = 0; change < MOST_CHANGES && time.isPresent(); change++) {
			Instant now = time.get();
			time = windows.stream()
				.map(Timed::schedule)
				.flatMap((schedule) -> schedule.end(now).or(() -> schedule.next(now)).stream())
				.min(Instant::compareTo);
			if (time.filter((then) -> isOpen(windows, then)).isPresent()) {
				return time;
			}
		}
		return Optional.empty();
	}

	private static String why(List<Timed> windows, List<Timed> denying) {
		if (denying.isEmpty()) {
			return "no sync window of kind allow is open (" + named(of(windows, Kind.ALLOW).toList()) + ")";
		}
		return "a sync window of kind deny is open (" + named(denying) + ")";
	}

	private static String named(List<Timed> windows) {
		return String.join("; ", windows.stream().map((each) -> named(each.window)).toList());
	}

	private static String named(SyncWindow window) {
		String description = Given.or(window.description(), "");
		return window.schedule() + " for " + Durations.format(window.duration()) + " in "
				+ Given.or(window.timeZone(), SyncWindow.UTC) + (description.isBlank() ? "" : ": " + description);
	}

	private static String until(Optional<Instant> until) {
		return until.map((time) -> "; nothing is pushed until " + time)
			.orElse("; nothing is pushed, and no time is in sight at which it will be");
	}

}
