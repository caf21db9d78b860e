package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.Map;

import dev.meshwright.model.service.Workload.EnvFrom;
import dev.meshwright.model.service.Workload.EnvVar;
import dev.meshwright.model.service.Workload.KeyRef;
import org.jspecify.annotations.Nullable;

/** The environment variables of a container. Secrets are referred to, never read. */
final class Environment {

	private Environment() {
	}

	static List<Map<String, Object>> variables(@Nullable List<EnvVar> variables) {
		return (variables == null) ? List.of() : Tree.list(variables.stream().map(Environment::variable).toList());
	}

	static List<Map<String, Object>> sources(@Nullable List<EnvFrom> sources) {
		return (sources == null) ? List.of() : Tree.list(sources.stream().map(Environment::source).toList());
	}

	private static Tree variable(EnvVar variable) {
		Tree from = Tree.of("secretKeyRef", key(variable.secretKeyRef()))
			.with("configMapKeyRef", key(variable.configMapKeyRef()));
		if (variable.fieldRef() != null) {
			from.with("fieldRef", Tree.of("fieldPath", variable.fieldRef().fieldPath()));
		}
		return Tree.of("name", variable.name()).with("value", variable.value()).with("valueFrom", from);
	}

	private static @Nullable Tree key(@Nullable KeyRef ref) {
		return (ref == null) ? null
				: Tree.of("name", ref.name()).with("key", ref.key()).with("optional", ref.optional());
	}

	private static Tree source(EnvFrom source) {
		Tree written = Tree.of("prefix", source.prefix());
		if (source.configMap() != null) {
			written.with("configMapRef", Tree.of("name", source.configMap()));
		}
		if (source.secret() != null) {
			written.with("secretRef", Tree.of("name", source.secret()));
		}
		return written;
	}

}
