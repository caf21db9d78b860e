package dev.meshwright;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.CompilerSettings;
import dev.meshwright.compile.Renderer;
import dev.meshwright.compile.WorkloadRights;
import dev.meshwright.model.security.PolicyRule;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes the one compiler from the renderers that are there. It stands here and not in
 * compile, which knows no framework.
 */
@Configuration(proxyBeanMethods = false)
class CompilerConfiguration {

	@Bean
	CompilerSettings compilerSettings(CompilerProperties properties) {
		Set<String> reserved = new TreeSet<>(properties.reservedNamespaces());
		reserved.add(properties.systemNamespace());
		return new CompilerSettings(new TreeSet<>(properties.defaultPlacement()), Set.copyOf(reserved),
				new TreeSet<>(properties.allowedJwksHosts()), (properties.workloadRbac() != null)
						? WorkloadRights.of(properties.workloadRbac()) : WorkloadRights.DEFAULT);
	}

	/** Renderers are ordered by name, so that nothing depends on how they were found. */
	@Bean
	Compiler compiler(ObjectProvider<Renderer> renderers, CompilerSettings settings) {
		return new Compiler(renderers.stream().sorted(Comparator.comparing(Renderer::provider)).toList(), settings);
	}

	/**
	 * What the operator decides for all compilation.
	 *
	 * @param defaultPlacement clusters of a namespace that declares no placement; none by
	 * default
	 * @param reservedNamespaces namespaces that cannot be declared, beside
	 * {@code kube-*}; {@code meshwright} by default, where the chart installs us
	 * @param allowedJwksHosts hosts of {@code jwksUri}, exactly; none by default
	 * @param systemNamespace where clusters hold which installation pushes there; it
	 * cannot be declared either
	 * @param workloadRbac the rights that workloads may be granted at the API of their
	 * cluster; by default to read config maps, endpoint slices and leases
	 */
	@ConfigurationProperties("meshwright")
	record CompilerProperties(@DefaultValue List<String> defaultPlacement,
			@DefaultValue("meshwright") List<String> reservedNamespaces, @DefaultValue List<String> allowedJwksHosts,
			@DefaultValue("meshwright") String systemNamespace, @Nullable List<PolicyRule> workloadRbac) {
	}

}
