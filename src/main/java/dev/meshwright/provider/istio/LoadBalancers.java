package dev.meshwright.provider.istio;

import dev.meshwright.model.routing.LoadBalancing;
import org.jspecify.annotations.Nullable;

/** How an endpoint is chosen, as Istio's LoadBalancerSettings. */
final class LoadBalancers {

	private LoadBalancers() {
	}

	/**
	 * The settings.
	 * @param loadBalancing what is declared
	 * @param old whether the mesh knows only {@code warmupDurationSecs}
	 */
	static Tree of(LoadBalancing loadBalancing, boolean old) {
		Tree settings = Tree.of("simple", (loadBalancing.simple() == null) ? null : loadBalancing.simple().name())
			.with("consistentHash", hash(loadBalancing.consistentHash()));
		LoadBalancing.Warmup warmup = loadBalancing.warmup();
		if (warmup == null) {
			return settings;
		}
		return old ? settings.with("warmupDurationSecs", Values.duration(warmup.duration()))
				: settings.with("warmup",
						Tree.of("duration", Values.duration(warmup.duration()))
							.with("minimumPercent", Values.number(warmup.minimumPercent()))
							.with("aggression", Values.number(warmup.aggression())));
	}

	private static Tree hash(LoadBalancing.@Nullable ConsistentHash hash) {
		if (hash == null) {
			return new Tree();
		}
		Tree tree = Tree.of("httpHeaderName", hash.httpHeaderName())
			.with("httpCookie", cookie(hash.httpCookie()))
			.with("useSourceIp", hash.useSourceIp())
			.with("httpQueryParameterName", hash.httpQueryParameterName());
		if (hash.ringHash() != null) {
			Long size = hash.ringHash().minimumRingSize();
			tree.with("ringHash", Tree.of("minimumRingSize", (size == null) ? 1024L : size));
		}
		if (hash.maglev() != null) {
			Long size = hash.maglev().tableSize();
			tree.with("maglev", Tree.of("tableSize", (size == null) ? 65537L : size));
		}
		return tree;
	}

	private static Tree cookie(LoadBalancing.@Nullable HttpCookie cookie) {
		return (cookie == null) ? new Tree()
				: Tree.of("name", cookie.name()).with("path", cookie.path()).with("ttl", Values.duration(cookie.ttl()));
	}

}
