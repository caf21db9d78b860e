package dev.meshwright.compile;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

import dev.meshwright.model.FieldNames;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.failover.FailoverPolicySpec.Backup;
import dev.meshwright.model.failover.FailoverPolicySpec.FailbackMode;
import dev.meshwright.model.failover.RateLimit;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.namespace.SyncWindow;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.security.SecurityPolicySpec.DefaultAction;
import dev.meshwright.model.service.ServiceSpec.Exposure.MinProtocolVersion;
import dev.meshwright.model.service.ServiceSpec.Exposure.Mode;
import dev.meshwright.model.service.ServiceSpec.External;
import dev.meshwright.model.service.ServiceSpec.External.Location;
import dev.meshwright.model.service.ServiceSpec.External.Resolution;
import dev.meshwright.model.service.ServiceSpec.Port;
import org.jspecify.annotations.Nullable;

/** Merges what is declared about a service with the defaults, noting each origin. */
final class EffectiveTree {

	/** Where no level says anything, Meshwright pushes nothing. */
	private static final String MESH_DEFAULT = "meshDefault";

	private final SortedMap<String, Effective.Origin> origins = new TreeMap<>();

	private EffectiveTree() {
	}

	static Effective of(ServiceSubject subject, CompilerSettings settings) {
		EffectiveTree tree = new EffectiveTree();
		Map<String, Object> values = new LinkedHashMap<>();
		values.put("service", tree.service(subject));
		Map<String, Object> failover = tree.failover(subject.failoverLayers());
		if (!failover.isEmpty()) {
			values.put("failover", failover);
		}
		subject.policy().ifPresent((policy) -> values.put("routing", tree.routing(policy, failover)));
		if (subject.spec().external() == null) {
			values.put("security", tree.security(SecurityMerge.of(subject.security())));
		}
		List<Object> overrides = tree.overrides(subject.overrides());
		if (!overrides.isEmpty()) {
			values.put("overrides", overrides);
		}
		subject.namespace().ifPresent((namespace) -> {
			values.put("namespace", tree.namespace(namespace));
			values.put("clusters",
					List.copyOf(new PlacementResolver(subject.declarations(), settings).clusters(namespace.spec())));
		});
		return new Effective(subject.ref(), values, tree.origins);
	}

	private Map<String, Object> service(ServiceSubject subject) {
		Map<String, Object> spec = declared(subject.service(), "/service");
		List<Port> ports = subject.ports();
		each(spec, "ports", "/service", (port, at) -> absent(port, "targetPort", at, port.get("port")));
		if (subject.spec().external() == null) {
			absent(spec, "serviceAccount", "/service", subject.ref().name());
		}
		each(spec, "versions", "/service", (version, at) -> with(version, "workload", at, (workload, place) -> {
			if (!workload.containsKey("autoscaling")) {
				absent(workload, "replicas", place, 1);
			}
			with(workload, "autoscaling", place, this::autoscaling);
			absent(workload, "terminationGracePeriodSeconds", place, 30);
		}));
		with(spec, "external", "/service", (external, at) -> {
			absent(external, "resolution", at, Resolution.DNS);
			absent(external, "location", at, Location.MESH_EXTERNAL);
			with(external, "tls", at, (tls, place) -> absent(tls, "mode", place, External.Mode.SIMPLE));
		});
		with(spec, "exposure", "/service", (exposure, at) -> {
			ExposureChecks.exposed(Objects.requireNonNull(subject.spec().exposure()), ports)
				.ifPresent((port) -> absent(exposure, "port", at, port.name()));
			with(exposure, "tls", at, (tls, place) -> {
				absent(tls, "mode", place, Mode.SIMPLE);
				absent(tls, "httpsRedirect", place, true);
				absent(tls, "minProtocolVersion", place, MinProtocolVersion.TLSV1_2);
			});
		});
		return spec;
	}

	private void autoscaling(Map<String, Object> scaling, String at) {
		absent(scaling, "minReplicas", at, 1);
		if (!scaling.containsKey("targetMemoryUtilizationPercentage")) {
			absent(scaling, "targetCPUUtilizationPercentage", at, 80);
		}
	}

	private Map<String, Object> failover(FailoverLayers layers) {
		Map<String, Object> values = new LinkedHashMap<>();
		layers.policies().forEach((policy) -> {
			EffectiveTree layer = new EffectiveTree();
			Map<String, Object> declared = layer.declared(policy, "/failover");
			declared.remove("service");
			layer.origins.remove("/failover/service");
			overlay(values, declared, "/failover");
			this.origins.putAll(layer.origins);
		});
		with(values, "outlierDetection", "/failover", (detection, at) -> {
			absent(detection, "consecutive5xxErrors", at, 5);
			absent(detection, "interval", at, Duration.ofSeconds(10));
			absent(detection, "baseEjectionTime", at, Duration.ofSeconds(30));
			absent(detection, "maxEjectionPercent", at, FailoverLayerChecks.MAX_EJECTION_PERCENT);
			absent(detection, "minHealthPercent", at, 0);
			absent(detection, "splitExternalLocalOriginErrors", at, false);
		});
		with(values, "rateLimit", "/failover", (limit, at) -> {
			absent(limit, "interval", at, RateLimit.INTERVAL);
			absent(limit, "burst", at, limit.get("requests"));
			each(limit, "rules", at, (rule, place) -> {
				absent(rule, "interval", place, limit.get("interval"));
				absent(rule, "burst", place, rule.get("requests"));
			});
			limit.putIfAbsent("onLimit", new LinkedHashMap<>());
			with(limit, "onLimit", at, (answer, place) -> absent(answer, "status", place, RateLimit.STATUS));
		});
		with(values, "backup", "/failover", (backup, at) -> {
			absent(backup, "after", at, Backup.AFTER);
			absent(backup, "minimumHealthy", at, Backup.MINIMUM_HEALTHY);
			backup.putIfAbsent("failback", new LinkedHashMap<>());
			with(backup, "failback", at, (failback, place) -> {
				absent(failback, "mode", place, FailbackMode.AUTOMATIC);
				absent(failback, "holdDown", place, Backup.HOLD_DOWN);
			});
		});
		with(values, "retryBudget", "/failover", (budget, at) -> {
			absent(budget, "percent", at, 20.0);
			absent(budget, "minRetryConcurrency", at, 3);
		});
		return values;
	}

	/** Lays a nearer level over what is there; what it replaces loses its origin. */
	@SuppressWarnings("unchecked")
	private void overlay(Map<String, Object> values, Map<String, Object> nearer, String at) {
		nearer.forEach((field, value) -> {
			String pointer = at + "/" + field;
			if (value instanceof Map<?, ?> branch && values.get(field) instanceof Map<?, ?> known) {
				overlay((Map<String, Object>) known, (Map<String, Object>) branch, pointer);
			}
			else {
				this.origins.keySet().removeIf((known) -> known.equals(pointer) || known.startsWith(pointer + "/"));
				values.put(field, value);
			}
		});
	}

	/** Fills in what a rule inherits from failover policies, with its origin there. */
	private void inherit(Map<String, Object> rule, String field, Map<String, Object> failover, String at) {
		Object value = failover.get(field);
		if (value != null && rule.putIfAbsent(field, value) == null) {
			String from = "/failover/" + field;
			SortedMap<String, Effective.Origin> inherited = new TreeMap<>();
			this.origins.forEach((pointer, origin) -> {
				if (pointer.equals(from) || pointer.startsWith(from + "/")) {
					inherited.put(at + "/" + field + pointer.substring(from.length()), origin);
				}
			});
			this.origins.putAll(inherited);
		}
	}

	private Map<String, Object> routing(Resource<?> policy, Map<String, Object> failover) {
		Map<String, Object> spec = declared(policy, "/routing");
		List<Map<String, Object>> rules = new ArrayList<>();
		each(spec, "rules", "/routing", (rule, at) -> {
			absent(rule, "name", at, RoutingChecks.name((String) null, rules.size()));
			rules.add(rule);
			if (!rule.containsKey("redirect") && !rule.containsKey("directResponse")) {
				absent(rule, "split", at, List.of(Map.of("weight", 1)));
				inherit(rule, "timeout", failover, at);
				inherit(rule, "retries", failover, at);
				absent(rule, "retries", at, Map.of("attempts", 0));
			}
			each(rule, "split", at, (destination, place) -> absent(destination, "weight", place, 1));
			each(rule, "mirror", at, (mirror, place) -> absent(mirror, "percentage", place, 100.0));
			with(rule, "redirect", at, (redirect, place) -> absent(redirect, "redirectCode", place, 302));
			with(rule, "fault", at, (fault, place) -> {
				with(fault, "delay", place, (delay, field) -> absent(delay, "percentage", field, 100.0));
				with(fault, "abort", place, (abort, field) -> absent(abort, "percentage", field, 100.0));
			});
		});
		return spec;
	}

	/** What is decided for a time, with its author: what it changes is no default. */
	private List<Object> overrides(List<Resource<OverrideSpec>> overrides) {
		List<Object> items = new ArrayList<>();
		for (Resource<OverrideSpec> override : overrides) {
			String at = "/overrides/" + items.size();
			Map<String, Object> item = new LinkedHashMap<>();
			item.put("name", leaf(override.id().name(), at + "/name", override.id(), "/metadata/name"));
			item.put("updatedBy",
					leaf(override.metadata().updatedBy(), at + "/updatedBy", override.id(), "/metadata/updatedBy"));
			item.putAll(declared(override, at));
			with(item, "change", at, (change, place) -> with(change, "evacuate", place, (evacuate, field) -> {
				absent(evacuate, "mode", field,
						evacuate.containsKey("version") ? OverrideSpec.Mode.CUT : OverrideSpec.Mode.DRAIN);
				absent(evacuate, "force", field, false);
			}));
			items.add(item);
		}
		return items;
	}

	private Map<String, Object> namespace(Resource<?> namespace) {
		Map<String, Object> spec = declared(namespace, "/namespace");
		absent(spec, "injection", "/namespace", Injection.NONE);
		absent(spec, "deletionPolicy", "/namespace", DeletionPolicy.DELETE);
		absent(spec, "conflictPolicy", "/namespace", ConflictPolicy.REFUSE);
		absent(spec, "driftPolicy", "/namespace", DriftPolicy.HEAL);
		absent(spec, "paused", "/namespace", false);
		each(spec, "syncWindows", "/namespace", (window, at) -> {
			absent(window, "timeZone", at, SyncWindow.UTC);
			absent(window, "manualSync", at, false);
		});
		return spec;
	}

	/** What no level says is the mesh's own. */
	private Map<String, Object> security(MergedSecurity merged) {
		Map<String, Object> security = new LinkedHashMap<>();
		Map<String, Object> mutualTls = new LinkedHashMap<>();
		merged.mutualTls().ifPresent((said) -> mutualTls.put("mode", said(said, "/security/mutualTLS/mode")));
		absent(mutualTls, "mode", "/security/mutualTLS", MESH_DEFAULT);
		Map<String, Object> ports = new LinkedHashMap<>();
		merged.ports().forEach((port, said) -> ports.put(port, said(said, "/security/mutualTLS/ports/" + port)));
		if (!ports.isEmpty()) {
			mutualTls.put("ports", ports);
		}
		security.put("mutualTLS", mutualTls);
		security.put("jwt", said(merged.jwt(), "/security/jwt"));
		security.put("access", access(merged.enforced(), "/security/access"));
		merged.observed().ifPresent((observed) -> security.put("observed", access(observed, "/security/observed")));
		if (!merged.audit().isEmpty()) {
			security.put("audit", said(merged.audit(), "/security/audit"));
		}
		merged.custom().ifPresent((custom) -> {
			Map<String, Object> asked = new LinkedHashMap<>();
			asked.put("provider", said(custom.providers().getFirst(), "/security/custom/provider"));
			asked.put("rules", said(custom.rules(), "/security/custom/rules"));
			security.put("custom", asked);
		});
		merged.network().ifPresent((network) -> {
			Map<String, Object> rules = new LinkedHashMap<>();
			rules.put("ingress", said(network.ingress(), "/security/networkPolicy/ingress"));
			network.egress().ifPresent((egress) -> rules.put("egress", said(egress, "/security/networkPolicy/egress")));
			security.put("networkPolicy", rules);
		});
		if (!merged.rbac().isEmpty()) {
			security.put("rbac", said(merged.rbac(), "/security/rbac"));
		}
		return security;
	}

	private Map<String, Object> access(MergedSecurity.Access access, String at) {
		Map<String, Object> tree = new LinkedHashMap<>();
		access.byDefault().ifPresent((said) -> tree.put("default", said(said, at + "/default")));
		absent(tree, "default", at, access.deny().isEmpty() ? MESH_DEFAULT : DefaultAction.ALLOW);
		tree.put("allow", said(access.allow(), at + "/allow"));
		tree.put("deny", said(access.deny(), at + "/deny"));
		return tree;
	}

	private List<Object> said(List<? extends Said<?>> items, String at) {
		List<Object> tree = new ArrayList<>();
		items.forEach((item) -> tree.add(said(item, at + "/" + tree.size())));
		return tree;
	}

	private Object said(Said<?> said, String at) {
		return tree(Objects.requireNonNull(said.value()), at, said.resource(), said.pointer());
	}

	private void absent(Map<String, Object> tree, String field, String at, @Nullable Object value) {
		if (value != null && tree.putIfAbsent(field, value) == null) {
			this.origins.put(at + "/" + field, new Effective.Default());
		}
	}

	@SuppressWarnings("unchecked")
	private static void with(Map<String, Object> tree, String field, String at,
			BiConsumer<Map<String, Object>, String> action) {
		if (tree.get(field) instanceof Map<?, ?> branch) {
			action.accept((Map<String, Object>) branch, at + "/" + field);
		}
	}

	@SuppressWarnings("unchecked")
	private static void each(Map<String, Object> tree, String field, String at,
			BiConsumer<Map<String, Object>, String> action) {
		if (tree.get(field) instanceof List<?> items) {
			for (int index = 0; index < items.size(); index++) {
				if (items.get(index) instanceof LinkedHashMap<?, ?> item) {
					action.accept((Map<String, Object>) item, at + "/" + field + "/" + index);
				}
			}
		}
	}

	@SuppressWarnings("unchecked")
	private Map<String, Object> declared(Resource<?> resource, String at) {
		return (Map<String, Object>) tree(resource.spec(), at, resource.id(), "/spec");
	}

	private Object tree(Object value, String at, ResourceId resource, String pointer) {
		return switch (value) {
			case IntOrString leaf -> leaf(leaf, at, resource, pointer);
			case Duration leaf -> leaf(leaf, at, resource, pointer);
			case Record fields -> {
				Map<String, Object> tree = new LinkedHashMap<>();
				for (RecordComponent component : fields.getClass().getRecordComponents()) {
					Object field = read(component, fields);
					if (field != null) {
						String name = FieldNames.of(component);
						String step = "/" + name;
						tree.put(name, tree(field, at + step, resource, pointer + step));
					}
				}
				yield tree;
			}
			case Map<?, ?> entries -> {
				Map<String, Object> tree = new LinkedHashMap<>();
				entries.forEach((key, entry) -> {
					String step = "/" + key.toString().replace("~", "~0").replace("/", "~1");
					tree.put(key.toString(), tree(entry, at + step, resource, pointer + step));
				});
				yield tree;
			}
			case List<?> items -> {
				List<Object> tree = new ArrayList<>();
				for (Object item : items) {
					String step = "/" + tree.size();
					tree.add(tree(item, at + step, resource, pointer + step));
				}
				yield tree;
			}
			default -> leaf(value, at, resource, pointer);
		};
	}

	private Object leaf(Object value, String at, ResourceId resource, String pointer) {
		this.origins.put(at, new Effective.Declared(resource, pointer));
		return value;
	}

	private static @Nullable Object read(RecordComponent component, Record fields) {
		try {
			return component.getAccessor().invoke(fields);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(component + " of a spec cannot be read", ex);
		}
	}

}
