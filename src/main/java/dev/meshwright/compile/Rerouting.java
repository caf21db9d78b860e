package dev.meshwright.compile;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.meshwright.model.HeaderOperations;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.routing.Destination;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.AppliesTo;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.routing.TcpRule;
import dev.meshwright.model.routing.TlsRule;
import dev.meshwright.model.service.ServiceSpec.Exposure;
import dev.meshwright.model.service.ServiceSpec.Version;
import org.jspecify.annotations.Nullable;

/**
 * The routing rules of a service while its backup is in use or versions are evacuated.
 * Rules keep their matches and their order; only where they send requests is another. No
 * mesh has this by itself, so it is done with weights.
 */
final class Rerouting {

	private static final int HEAVIEST = 1_000_000;

	private final ServiceSubject subject;

	private final Optional<String> backup;

	private final Set<String> evacuated;

	private Rerouting(ServiceSubject subject, Optional<String> backup, Set<String> evacuated) {
		this.subject = subject;
		this.backup = backup;
		this.evacuated = evacuated;
	}

	static Rerouting of(ServiceSubject subject) {
		List<OverrideSpec.Change> changes = subject.overrides()
			.stream()
			.map((override) -> override.spec().change())
			.toList();
		Optional<String> backup = changes.stream()
			.map(OverrideSpec.Change::backup)
			.filter(Objects::nonNull)
			.map(OverrideSpec.Backup::service)
			.findFirst();
		Set<String> evacuated = changes.stream()
			.map(OverrideSpec.Change::evacuate)
			.filter(Objects::nonNull)
			.map(OverrideSpec.Evacuate::version)
			.filter(Objects::nonNull)
			.collect(Collectors.toSet());
		return new Rerouting(subject, backup, evacuated);
	}

	boolean isNeeded() {
		return this.backup.isPresent() || !this.evacuated.isEmpty();
	}

	/** Whether a destination, as rewritten, is the service that takes over. */
	boolean isBackup(Destination destination) {
		return destination.service() != null && this.backup.filter(destination.service()::equals).isPresent();
	}

	/** What holds: what is declared when nothing has to be sent elsewhere. */
	Optional<RoutingPolicySpec> rules() {
		if (!isNeeded()) {
			return this.subject.policy().map(Resource::spec);
		}
		RoutingPolicySpec spec = spec();
		List<HttpRule> rules = new ArrayList<>(Given.list(spec.rules()).stream().map(this::http).toList());
		unruled(Given.list(spec.rules())).map(this::http).ifPresent(rules::add);
		return Optional.of(new RoutingPolicySpec(spec.service(), rules,
				Given.list(spec.tls())
					.stream()
					.map((rule) -> new TlsRule(rule.name(), rule.appliesTo(), rule.match(), connections(rule.split())))
					.toList(),
				tcp(spec).stream()
					.map((rule) -> new TcpRule(rule.name(), rule.appliesTo(), rule.match(), connections(rule.split())))
					.toList(),
				spec.loadBalancing(), spec.portLoadBalancing()));
	}

	/** With one for all connections that no rule is about. */
	private List<TcpRule> tcp(RoutingPolicySpec spec) {
		List<TcpRule> rules = new ArrayList<>(Given.list(spec.tcp()));
		if (!Layer.TCP.of(this.subject.ports()).isEmpty()
				&& rules.stream().noneMatch((rule) -> Given.list(rule.match()).isEmpty())) {
			rules.add(new TcpRule(RoutingChecks.name((String) null, rules.size()), null, null, null));
		}
		return rules;
	}

	/** Whether requests meet a rule that has nowhere to send them; they are answered. */
	boolean strandsRequests() {
		List<HttpRule> rules = this.subject.policy()
			.map((policy) -> Given.list(policy.spec().rules()))
			.orElse(List.of());
		return Stream.concat(rules.stream(), unruled(rules).stream())
			.filter((rule) -> rule.redirect() == null && rule.directResponse() == null)
			.anyMatch((rule) -> split(rule.split()).isEmpty());
	}

	/** The same of connections, which nobody can answer. */
	boolean strandsConnections() {
		RoutingPolicySpec spec = spec();
		return Stream
			.concat(Given.list(spec.tls()).stream().map(TlsRule::split), tcp(spec).stream().map(TcpRule::split))
			.anyMatch((split) -> split(split).isEmpty());
	}

	private RoutingPolicySpec spec() {
		return this.subject.policy()
			.map(Resource::spec)
			.orElseGet(() -> new RoutingPolicySpec(this.subject.ref().name(), null, null, null, null, null));
	}

	/** One rule for the sides about which no rule speaks: all that goes there moves. */
	private Optional<HttpRule> unruled(List<HttpRule> rules) {
		Exposure exposure = this.subject.spec().exposure();
		boolean mesh = !Layer.HTTP.of(this.subject.ports()).isEmpty()
				&& rules.stream().noneMatch((rule) -> RoutingChecks.holds(rule.appliesTo(), AppliesTo.MESH));
		boolean gateway = exposure != null && ExposureChecks.layer(exposure) == Layer.HTTP
				&& rules.stream().noneMatch((rule) -> RoutingChecks.holds(rule.appliesTo(), AppliesTo.GATEWAY));
		if (!mesh && !gateway) {
			return Optional.empty();
		}
		@Nullable AppliesTo side = (mesh && gateway) ? null : mesh ? AppliesTo.MESH : AppliesTo.GATEWAY;
		String name = RoutingChecks.name((String) null, rules.size());
		return Optional.of(new HttpRule(name, side, null, null, null, null, null, null, null, null, null, null, null));
	}

	private HttpRule http(HttpRule rule) {
		if (rule.redirect() != null || rule.directResponse() != null) {
			return rule;
		}
		List<Destination> split = split(rule.split());
		if (split.isEmpty()) {
			return new HttpRule(rule.name(), rule.appliesTo(), rule.match(), null, null,
					new HttpRule.DirectResponse(503, null), null, null, null, null, rule.fault(), rule.cors(),
					rule.headers());
		}
		return new HttpRule(rule.name(), rule.appliesTo(), rule.match(), split, null, null, rule.rewrite(),
				rule.timeout(), rule.retries(), rule.mirror(), rule.fault(), rule.cors(), rule.headers());
	}

	/** A connection cannot be answered; one with nowhere to go is refused by checks. */
	private @Nullable List<Destination> connections(@Nullable List<Destination> declared) {
		List<Destination> split = split(declared);
		return split.isEmpty() ? declared : split;
	}

	/**
	 * Where a rule sends its requests now; nothing when all that it names is evacuated.
	 * @param declared the rule's split; null means the service as a whole
	 */
	List<Destination> split(@Nullable List<Destination> declared) {
		List<Destination> given = (declared != null) ? declared
				: List.of(new Destination(null, null, null, null, null));
		List<Weighted> weighted = this.backup.map((service) -> toBackup(given, service))
			.orElseGet(() -> toStaying(given));
		return reduced(weighted.stream().filter((part) -> part.weight > 0).toList());
	}

	private List<Weighted> toBackup(List<Destination> given, String service) {
		List<Weighted> parts = new ArrayList<>();
		long moved = 0;
		for (Destination destination : given) {
			if (isOwn(destination)) {
				moved += SplitChecks.weight(destination);
			}
			else {
				parts.add(new Weighted(destination, SplitChecks.weight(destination)));
			}
		}
		parts.add(new Weighted(new Destination(service, null, null, null, null), moved));
		return parts;
	}

	/** What went to the service as a whole goes to what stays, by its replicas. */
	private List<Weighted> toStaying(List<Destination> given) {
		List<Version> staying = staying();
		boolean counted = staying.stream().allMatch((version) -> EjectionChecks.replicas(version).isPresent());
		long all = Math.max(1, staying.stream().mapToLong((version) -> share(version, counted)).sum());
		List<Weighted> parts = new ArrayList<>();
		for (Destination destination : given) {
			int weight = SplitChecks.weight(destination);
			if (!isOwn(destination)) {
				parts.add(new Weighted(destination, weight * all));
			}
			else if (destination.version() == null) {
				staying.forEach((version) -> parts.add(new Weighted(
						new Destination(null, version.name(), destination.port(), null, destination.headers()),
						weight * share(version, counted))));
			}
			else if (!this.evacuated.contains(destination.version())) {
				parts.add(new Weighted(destination, weight * all));
			}
		}
		return parts;
	}

	/** The versions that are left and have, as far as is known, pods. */
	List<Version> staying() {
		return this.subject.versions()
			.stream()
			.filter((version) -> !this.evacuated.contains(version.name())
					&& EjectionChecks.replicas(version).filter((count) -> count == 0).isEmpty())
			.toList();
	}

	private static long share(Version version, boolean counted) {
		return counted ? EjectionChecks.replicas(version).orElse(1) : 1;
	}

	private boolean isOwn(Destination destination) {
		ServiceRef own = this.subject.ref();
		return destination.service() == null || ServiceRef.parse(destination.service(), own.namespace()).equals(own);
	}

	/** The same shares in small numbers. */
	private static List<Destination> reduced(List<Weighted> parts) {
		if (parts.size() == 1) {
			return List.of(parts.getFirst().as(1));
		}
		long divisor = parts.stream()
			.map((part) -> BigInteger.valueOf(part.weight))
			.reduce(BigInteger.ZERO, BigInteger::gcd)
			.longValue();
		long most = parts.stream().mapToLong((part) -> part.weight / divisor).max().orElse(1);
		long step = Math.max(1, Math.ceilDiv(most, HEAVIEST));
		return parts.stream().map((part) -> part.as((int) Math.max(1, part.weight / divisor / step))).toList();
	}

	private record Weighted(Destination destination, long weight) {

		Destination as(int share) {
			@Nullable HeaderOperations headers = this.destination.headers();
			return new Destination(this.destination.service(), this.destination.version(), this.destination.port(),
					share, headers);
		}

	}

}
