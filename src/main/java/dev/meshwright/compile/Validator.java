package dev.meshwright.compile;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Diagnostic.Severity;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.IndexKeys;
import dev.meshwright.model.Key;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.PolicyTarget.Level;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;

/**
 * Validates change sets by compiling everything that depends on them, before and after.
 * Holds no state; safe for use by many threads.
 */
public final class Validator {

	private final Compiler compiler;

	public Validator(Compiler compiler) {
		this.compiler = compiler;
	}

	/**
	 * As the longer one, however many units that takes.
	 */
	public Validated validate(Snapshot base, Collection<? extends Resource<?>> puts, Collection<ResourceId> deletes,
			Function<Collection<Key>, ? extends Set<UnitId>> readers) {
		return validate(base, puts, deletes, readers, Integer.MAX_VALUE);
	}

	/**
	 * Validates a change set.
	 * @param base what is stored
	 * @param puts the resources as they will be
	 * @param deletes the resources that will be gone
	 * @param readers tells which units and placements read any of some keys
	 * @param atMost the most units and placements that may be compiled for it
	 * @throws TooManyUnits when more would have to be
	 */
	public Validated validate(Snapshot base, Collection<? extends Resource<?>> puts, Collection<ResourceId> deletes,
			Function<Collection<Key>, ? extends Set<UnitId>> readers, int atMost) {
		Snapshot after = new OverlaySnapshot(base, puts, deletes);
		SortedSet<Key> changed = new TreeSet<>();
		SortedSet<UnitId> affected = new TreeSet<>();
		SortedSet<ResourceId> inspected = new TreeSet<>();
		puts.forEach((put) -> changed.addAll(IndexKeys.changed(base.find(put.id()).orElse(null), put)));
		deletes.forEach((id) -> changed.addAll(IndexKeys.changed(base.find(id).orElse(null), null)));
		puts.forEach((put) -> base.find(put.id()).ifPresent((before) -> touch(before, affected, inspected)));
		puts.forEach((put) -> touch(put, affected, inspected));
		deletes.forEach((id) -> base.find(id).ifPresent((before) -> touch(before, affected, inspected)));
		affected.addAll(readers.apply(changed));
		if (affected.size() > atMost) {
			throw new TooManyUnits();
		}
		ForeseenReads.announce(affected, base);
		Run run = new Run(this.compiler, after, atMost);
		inspected.forEach(run::inspect);
		affected.forEach(run::unit);
		Set<ResourceId> written = new HashSet<>();
		puts.forEach((put) -> written.add(put.id()));
		boolean objected = run.findings.sorted().stream().anyMatch((diagnostic) -> refuses(diagnostic, written));
		List<Diagnostic> introduced = objected ? introduced(run, base, written) : List.of();
		return new Validated(base.revision(), run.findings.sorted(), introduced, run.inspections, run.placements,
				run.compilations, run.reads);
	}

	/**
	 * Announces to a snapshot what validating a change set will ask it for, as far as
	 * that can be told from the change set; to be called before {@link #validate}.
	 */
	public static void announce(Snapshot base, Collection<? extends Resource<?>> puts, Collection<ResourceId> deletes) {
		SortedSet<UnitId> units = new TreeSet<>();
		SortedSet<ResourceId> resources = new TreeSet<>(deletes);
		puts.forEach((put) -> {
			resources.add(put.id());
			touch(put, units, resources);
		});
		ForeseenReads.announce(resources, units, base);
	}

	/** What a written or deleted resource affects by its name alone. */
	private static void touch(Resource<?> resource, SortedSet<UnitId> units, SortedSet<ResourceId> inspected) {
		ResourceId id = resource.id();
		switch (id.kind()) {
			case NAMESPACE -> units.add(UnitId.placement(id.name(), ""));
			case SERVICE -> units.add(UnitId.placement(id.namespace(), id.name()));
			case ROUTING_POLICY, FAILOVER_POLICY, SECURITY_POLICY, OVERRIDE ->
				PolicyTarget.of(resource).ifPresent((target) -> {
					if (target.level() == Level.SERVICE) {
						units.add(UnitId.placement(target.namespace(), target.service()));
					}
					else {
						inspected.add(id);
					}
				});
			case CLUSTER -> inspected.add(id);
		}
	}

	/**
	 * Whether a finding stands against the write. What is looser than a level above holds
	 * nobody up who tightens that level, but may not be written.
	 */
	private static boolean refuses(Diagnostic diagnostic, Set<ResourceId> written) {
		return diagnostic.isError() || (diagnostic.code() == DiagnosticCode.WEAKENS_POLICY_ABOVE
				&& written.contains(diagnostic.resource()));
	}

	private List<Diagnostic> introduced(Run after, Snapshot base, Set<ResourceId> written) {
		Run before = new Run(this.compiler, base, Integer.MAX_VALUE);
		after.inspections.keySet().forEach(before::inspect);
		after.placements.keySet().forEach(before::unit);
		after.compilations.keySet().forEach(before::unit);
		Set<List<Object>> known = new HashSet<>();
		before.findings.sorted().forEach((diagnostic) -> known.add(identity(diagnostic)));
		return after.findings.sorted()
			.stream()
			.filter((diagnostic) -> refuses(diagnostic, written) && !known.contains(identity(diagnostic)))
			.map((diagnostic) -> new Diagnostic(diagnostic.code(), Severity.ERROR, diagnostic.resource(),
					diagnostic.pointer(), diagnostic.message(), diagnostic.remedy()))
			.toList();
	}

	private static List<Object> identity(Diagnostic diagnostic) {
		return List.of(diagnostic.code(), diagnostic.severity(), diagnostic.resource(), diagnostic.pointer(),
				diagnostic.message());
	}

	/** More units depend on a change set than were to be compiled for it. */
	public static final class TooManyUnits extends RuntimeException {

		private static final long serialVersionUID = 1L;

		TooManyUnits() {
			super("More units depend on the change set than may be compiled at once", null, false, false);
		}

	}

	/** Places and compiles each unit once. */
	private static final class Run {

		private final Compiler compiler;

		private final Snapshot snapshot;

		private final int atMost;

		private final Findings findings = new Findings();

		private final SortedMap<ResourceId, Inspection> inspections = new TreeMap<>();

		private final SortedMap<UnitId, Placement> placements = new TreeMap<>();

		private final SortedMap<UnitId, Compilation> compilations = new TreeMap<>();

		private final Set<Key> reads = new TreeSet<>();

		Run(Compiler compiler, Snapshot snapshot, int atMost) {
			this.compiler = compiler;
			this.snapshot = snapshot;
			this.atMost = atMost;
		}

		void inspect(ResourceId resource) {
			if (!this.inspections.containsKey(resource)) {
				Inspection inspection = this.compiler.inspect(resource, this.snapshot);
				this.inspections.put(resource, inspection);
				keep(inspection.diagnostics(), inspection.reads());
			}
		}

		/** A placement with the units that it names, or one unit. */
		void unit(UnitId unit) {
			if (!unit.isPlacement()) {
				compile(unit);
			}
			else if (!this.placements.containsKey(unit)) {
				Placement placement = this.compiler.place(unit, this.snapshot);
				this.placements.put(unit, placement);
				keep(placement.diagnostics(), placement.reads());
				List<UnitId> placed = placement.clusters().stream().map(unit::on).toList();
				ForeseenReads.announce(placed, this.snapshot);
				placed.forEach(this::compile);
			}
		}

		private void compile(UnitId unit) {
			if (!this.compilations.containsKey(unit)) {
				Compilation compilation = this.compiler.compile(unit, this.snapshot);
				this.compilations.put(unit, compilation);
				keep(compilation.diagnostics(), compilation.reads());
			}
		}

		private void keep(List<Diagnostic> diagnostics, Set<Key> read) {
			if (this.placements.size() + this.compilations.size() > this.atMost) {
				throw new TooManyUnits();
			}
			diagnostics.forEach(this.findings::add);
			this.reads.addAll(read);
		}

	}

}
