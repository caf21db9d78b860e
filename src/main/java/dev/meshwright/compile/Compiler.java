package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.LayeredPolicy;
import dev.meshwright.model.RecordingSnapshot;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.service.ServiceSpec;

/**
 * Compiles units. The same function validates writes, previews them and feeds the push,
 * so that what is accepted is what is pushed. Holds no state; safe for use by many
 * threads.
 */
public final class Compiler {

	/** To be raised when the same declarations come to compile to other manifests. */
	public static final int VERSION = 1;

	private final List<Renderer> renderers;

	private final CompilerSettings settings;

	private final int version;

	/** The compiler of this version. */
	public Compiler(List<Renderer> renderers, CompilerSettings settings) {
		this(renderers, settings, VERSION);
	}

	/**
	 * A compiler that counts as another version.
	 * @param version greater than that of every compiler that it is to replace
	 */
	public Compiler(List<Renderer> renderers, CompilerSettings settings, int version) {
		this.renderers = List.copyOf(renderers);
		this.settings = settings;
		this.version = version;
	}

	/**
	 * Which compiler it is: what a newer one has compiled no older one compiles again.
	 */
	public int version() {
		return this.version;
	}

	/**
	 * Compiles one service or namespace on one cluster. A unit whose subject is not
	 * declared, or is not placed on the cluster, compiles to no manifests without error.
	 * @param unit a unit with a cluster
	 * @param snapshot what to read from
	 * @throws IllegalArgumentException when the unit is a placement
	 */
	public Compilation compile(UnitId unit, Snapshot snapshot) {
		if (unit.isPlacement()) {
			throw new IllegalArgumentException(unit + " has no cluster: place it");
		}
		RecordingSnapshot recording = new RecordingSnapshot(snapshot);
		UnitCompilation compilation = new UnitCompilation(this.renderers, this.settings, new Declarations(recording));
		return compilation.compile(unit, recording);
	}

	/**
	 * Decides on which clusters a service or namespace has units, and makes the checks
	 * that need no cluster. The findings about a routing policy are those of the service
	 * that it targets, also when that is not declared.
	 * @param placement a unit without a cluster
	 * @param snapshot what to read from
	 */
	public Placement place(UnitId placement, Snapshot snapshot) {
		RecordingSnapshot recording = new RecordingSnapshot(snapshot);
		Declarations declarations = new Declarations(recording);
		Findings findings = new Findings();
		SortedSet<String> clusters = placement.isNamespace() ? namespace(placement, declarations, findings)
				: service(placement, declarations, findings);
		return new Placement(placement, recording.revision(), clusters, findings.sorted(), recording.reads(),
				recording.generations());
	}

	/**
	 * Checks a resource that has no units of its own: a Cluster, the default policy of a
	 * namespace or of the platform, or an override for a whole namespace.
	 * @param resource its id; one that is not declared has no findings
	 * @param snapshot what to read from
	 */
	public Inspection inspect(ResourceId resource, Snapshot snapshot) {
		RecordingSnapshot recording = new RecordingSnapshot(snapshot);
		Findings findings = new Findings();
		recording.find(resource).ifPresent((found) -> {
			if (found.spec() instanceof ClusterSpec) {
				Resource<ClusterSpec> cluster = found.as(ClusterSpec.class);
				new ClusterChecks(this.renderers).check(cluster,
						ClusterResolver.cluster(cluster, recording.facts(resource.name())), findings);
			}
			else if (found.spec() instanceof OverrideSpec) {
				override(found.as(OverrideSpec.class), new Declarations(recording), findings);
			}
			else if (found.spec() instanceof LayeredPolicy) {
				new DefaultPolicyChecks(new Declarations(recording), this.settings).check(found, findings);
			}
		});
		return new Inspection(resource, recording.revision(), findings.sorted(), recording.reads());
	}

	/**
	 * Everything that holds for a service, declared or by default, with its origin.
	 * @param service the service
	 * @param snapshot what to read from
	 * @return empty when the service is not declared
	 */
	public Optional<Effective> effective(ServiceRef service, Snapshot snapshot) {
		Declarations declarations = new Declarations(snapshot);
		return declarations.service(service)
			.map((found) -> EffectiveTree.of(ServiceSubject.of(found, declarations), this.settings));
	}

	private SortedSet<String> namespace(UnitId unit, Declarations declarations, Findings findings) {
		Optional<Resource<NamespaceSpec>> namespace = declarations.namespace(unit.namespace());
		namespace.ifPresent((found) -> new NamespaceChecks(declarations, this.settings).check(found, findings));
		DefaultPolicyChecks defaults = new DefaultPolicyChecks(declarations, this.settings);
		declarations.defaults(unit.namespace()).forEach((policy) -> defaults.check(policy, findings));
		declarations.overrides(unit.namespace()).forEach((found) -> override(found, declarations, findings));
		return clusters(namespace, declarations);
	}

	private SortedSet<String> service(UnitId unit, Declarations declarations, Findings findings) {
		ServiceRef ref = new ServiceRef(unit.namespace(), unit.service());
		Optional<Resource<ServiceSpec>> service = declarations.service(ref);
		if (service.isEmpty()) {
			declarations.targeting(ref)
				.forEach((policy) -> targeted(policy, findings).report(DiagnosticCode.SERVICE_NOT_FOUND,
						"Service " + ref + " is not declared"));
			return new TreeSet<>();
		}
		ServiceSubject subject = ServiceSubject.of(service.get(), declarations);
		Check.ALL.forEach((check) -> check.check(subject, findings));
		new SecurityChecks(this.settings).check(subject, findings);
		return clusters(subject.namespace(), declarations);
	}

	/** What becomes of it is said of each service. */
	private static void override(Resource<OverrideSpec> override, Declarations declarations, Findings findings) {
		String namespace = override.id().namespace();
		if (declarations.namespace(namespace).isEmpty()) {
			findings.name(override.id())
				.report(DiagnosticCode.NAMESPACE_NOT_FOUND, "Namespace " + namespace + " is not declared", namespace);
		}
		OverrideFieldChecks.check(override, declarations, findings);
	}

	private static At targeted(Resource<?> policy, Findings findings) {
		At spec = findings.spec(policy.id());
		return ((policy.spec() instanceof OverrideSpec) ? spec.at("target") : spec).at("service");
	}

	private SortedSet<String> clusters(Optional<Resource<NamespaceSpec>> namespace, Declarations declarations) {
		return namespace.map((found) -> new PlacementResolver(declarations, this.settings).clusters(found.spec()))
			.orElseGet(TreeSet::new);
	}

}
