package dev.meshwright.cluster;

import java.nio.file.Path;
import java.time.Duration;

import dev.meshwright.model.DnsNames;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How clusters are reached.
 *
 * @param kubeconfigDir {@code meshwright.kubeconfig-dir}: the directory of kubeconfigs
 * that Clusters may name; none means that no Cluster can
 * @param sandboxDir {@code meshwright.sandbox-dir}: the directory in which sandbox
 * clusters keep their objects; none means in memory only
 * @param clusterRequestTimeout {@code meshwright.cluster-request-timeout}: how long one
 * answer of an API server may take
 * @param kubeconfigExec {@code meshwright.kubeconfig-exec}: whether kubeconfigs may name
 * programs that give tokens; they run with the rights of this process
 * @param clusterWatchTimeout {@code meshwright.cluster-watch-timeout}: after how long an
 * API server is asked to end a watch, which then goes on; a connection that died silently
 * is noticed ten seconds later
 * @param systemNamespace {@code meshwright.system-namespace}: the Kubernetes namespace in
 * every cluster that holds which installation pushes there; made where it is missing
 */
@ConfigurationProperties("meshwright")
public record ClusterProperties(@Nullable String kubeconfigDir, @Nullable String sandboxDir,
		@DefaultValue("10s") Duration clusterRequestTimeout, @DefaultValue("false") boolean kubeconfigExec,
		@DefaultValue("75s") Duration clusterWatchTimeout, @DefaultValue("meshwright") String systemNamespace) {

	public ClusterProperties {
		if (!DnsNames.isLabel(systemNamespace)) {
			throw new IllegalArgumentException("meshwright.system-namespace is \"" + systemNamespace
					+ "\", which no Kubernetes namespace can be called; give lower-case letters, digits and '-'");
		}
	}

	/** The directory of kubeconfigs, if there is one. */
	@Nullable Path kubeconfigs() {
		return path(this.kubeconfigDir);
	}

	/** The directory of sandboxes, if there is one. */
	@Nullable Path sandboxes() {
		return path(this.sandboxDir);
	}

	private static @Nullable Path path(@Nullable String text) {
		return (text == null || text.isBlank()) ? null : Path.of(text);
	}

}
