package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.RecordingSnapshot;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.service.ServiceSpec;

/** The compilation of one unit: resolve, check, render. Used once. */
final class UnitCompilation {

	private final List<Renderer> renderers;

	private final CompilerSettings settings;

	private final Declarations declarations;

	private final Findings findings = new Findings();

	UnitCompilation(List<Renderer> renderers, CompilerSettings settings, Declarations declarations) {
		this.renderers = renderers;
		this.settings = settings;
		this.declarations = declarations;
	}

	Compilation compile(UnitId unit, RecordingSnapshot recording) {
		Optional<Resource<NamespaceSpec>> namespace = this.declarations.namespace(unit.namespace());
		Optional<ClusterModel> cluster = this.declarations.cluster(unit.cluster()).map(this::resolve);
		List<Manifest> manifests = unit.isNamespace() ? namespace(namespace, cluster)
				: service(unit, namespace, cluster);
		return new Compilation(unit, recording.revision(), manifests, this.findings.sorted(), recording.reads(),
				recording.generations(), push(namespace, cluster, gate(unit, namespace)));
	}

	private ClusterModel resolve(Resource<ClusterSpec> cluster) {
		return ClusterResolver.cluster(cluster, this.declarations.snapshot().facts(cluster.id().name()));
	}

	private List<Manifest> namespace(Optional<Resource<NamespaceSpec>> namespace, Optional<ClusterModel> cluster) {
		if (namespace.isEmpty() || !isPlaced(namespace.get(), cluster)) {
			return List.of();
		}
		NamespaceModel model = ClusterResolver.namespace(namespace.get(), cluster.orElseThrow());
		new NamespaceChecks(this.declarations, this.settings).check(namespace.get(), this.findings);
		NamespaceChecks.checkOn(model.cluster(), model.name(), this.findings);
		if (model.injection() == Injection.AMBIENT) {
			new FeatureCheck(this.renderers, model.cluster()).demand(Feature.AMBIENT,
					this.findings.spec(namespace.get().id()).at("injection"));
		}
		return render(model.cluster(), this.findings.spec(namespace.get().id()),
				(renderer) -> renderer.renderNamespace(model));
	}

	private List<Manifest> service(UnitId unit, Optional<Resource<NamespaceSpec>> namespace,
			Optional<ClusterModel> cluster) {
		Optional<Resource<ServiceSpec>> service = this.declarations
			.service(new ServiceRef(unit.namespace(), unit.service()));
		if (service.isEmpty() || (namespace.isPresent() && !isPlaced(namespace.get(), cluster))) {
			return List.of();
		}
		ServiceSubject subject = ServiceSubject.of(service.get(), this.declarations);
		Check.ALL.forEach((check) -> check.check(subject, this.findings));
		new SecurityChecks(this.settings).check(subject, this.findings);
		if (namespace.isEmpty()) {
			return List.of();
		}
		NamespaceModel home = ClusterResolver.namespace(namespace.get(), cluster.orElseThrow());
		FeatureCheck features = new FeatureCheck(this.renderers, home.cluster());
		new OnClusterChecks(subject, home, features, this.findings).check();
		FailoverOnCluster failover = new FailoverOnCluster(subject, home, features, this.findings);
		PlacementResolver placements = new PlacementResolver(this.declarations, this.settings);
		FailoverModel kept = new OverridesOnCluster(subject, home, features, placements, this.findings)
			.resolve(failover.resolve());
		if (this.findings.hasErrors()) {
			return List.of();
		}
		ServiceResolver resolver = new ServiceResolver(subject, home, placements, kept);
		ServiceModel model = resolver.resolve();
		resolver.checkReach(model, this.findings);
		failover.checkReach(placements);
		object(subject, model);
		List<Manifest> manifests = render(home.cluster(), this.findings.spec(service.get().id()),
				(renderer) -> renderer.renderService(model));
		return Leases.on(manifests, subject, home.cluster().name(), this.findings);
	}

	private boolean isPlaced(Resource<NamespaceSpec> namespace, Optional<ClusterModel> cluster) {
		return cluster.isPresent() && new PlacementResolver(this.declarations, this.settings).clusters(namespace.spec())
			.contains(cluster.get().name());
	}

	/**
	 * Turns what renderers object to into findings at the place where it was declared.
	 */
	private void object(ServiceSubject subject, ServiceModel model) {
		for (Renderer renderer : rendering(model.cluster())) {
			for (Objection objection : renderer.check(model)) {
				At at = place(objection, subject);
				this.findings.add(new Diagnostic(objection.code(), objection.severity(), at.resource(), at.pointer(),
						objection.message(), objection.remedy()));
			}
		}
	}

	private At place(Objection objection, ServiceSubject subject) {
		if (objection.about() == Objection.About.SERVICE || subject.policy().isEmpty()) {
			return new At(this.findings, subject.service().id(), objection.pointer());
		}
		var policy = subject.policy().get();
		if (objection.rule().isEmpty()) {
			return new At(this.findings, policy.id(), objection.pointer());
		}
		var rules = Given.list(policy.spec().rules());
		int index = IntStream.range(0, rules.size())
			.filter((candidate) -> RoutingChecks.name(rules.get(candidate), candidate).equals(objection.rule().get()))
			.findFirst()
			.orElse(0);
		return new At(this.findings, policy.id(), "/spec/rules/" + index + objection.pointer());
	}

	private List<Manifest> render(ClusterModel cluster, At at, Rendering rendering) {
		if (this.findings.hasErrors()) {
			return List.of();
		}
		List<Manifest> manifests = new ArrayList<>();
		for (Renderer renderer : rendering(cluster)) {
			manifests.addAll(rendering.by(renderer));
		}
		manifests.sort(Comparator.comparing(Manifest::ref));
		for (int index = 1; index < manifests.size(); index++) {
			if (manifests.get(index).ref().equals(manifests.get(index - 1).ref())) {
				throw new IllegalStateException("two renderers made " + manifests.get(index).ref());
			}
		}
		cluster.facts()
			.ifPresent((facts) -> manifests.stream()
				.map((manifest) -> manifest.ref().kind())
				.distinct()
				.filter((kind) -> !facts.serves(kind))
				.forEach((kind) -> notServed(kind, cluster, at)));
		return List.copyOf(manifests);
	}

	private static void notServed(ObjectKind kind, ClusterModel cluster, At at) {
		at.report(DiagnosticCode.API_NOT_SERVED,
				"cluster " + cluster.name() + " did not serve " + kind.apiVersion() + " " + kind.kind(), kind);
	}

	private List<Renderer> rendering(ClusterModel cluster) {
		return this.renderers.stream().filter((renderer) -> renderer.rendersOn(cluster)).toList();
	}

	private SyncGate gate(UnitId unit, Optional<Resource<NamespaceSpec>> namespace) {
		SyncGate gate = this.declarations.cluster(unit.cluster())
			.map((cluster) -> SyncGate.of(unit.cluster(), cluster.spec()))
			.orElse(SyncGate.OPEN);
		return namespace.map((found) -> gate.and(unit.namespace(), found.spec(), unit.cluster())).orElse(gate);
	}

	private static Compilation.Push push(Optional<Resource<NamespaceSpec>> namespace, Optional<ClusterModel> cluster,
			SyncGate gate) {
		return new Compilation.Push(cluster.map(ClusterModel::beforeSwitch).orElse(ClusterResolver.BEFORE_SWITCH),
				cluster.map(ClusterModel::beforeBreak).orElse(ClusterResolver.BEFORE_BREAK),
				namespace.map((found) -> found.spec().conflictPolicy()).orElse(ConflictPolicy.REFUSE),
				namespace.map((found) -> found.spec().deletionPolicy()).orElse(DeletionPolicy.DELETE),
				namespace.map((found) -> found.spec().driftPolicy()).orElse(DriftPolicy.HEAL), gate);
	}

	/** What one renderer makes of a model. */
	private interface Rendering {

		List<Manifest> by(Renderer renderer);

	}

}
