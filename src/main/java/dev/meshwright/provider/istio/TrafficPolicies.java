package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.meshwright.compile.FailoverModel;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.failover.ConnectionPool;
import dev.meshwright.model.failover.FailoverPolicySpec.OutlierDetection;
import dev.meshwright.model.failover.FailoverPolicySpec.RetryBudget;
import dev.meshwright.model.failover.Locality;
import dev.meshwright.model.routing.LoadBalancing;

/** What holds for all requests to a service, as Istio's TrafficPolicy. */
final class TrafficPolicies {

	/**
	 * Envoy's; said explicitly, because detection without any field would not be sent.
	 */
	private static final int CONSECUTIVE_5XX_ERRORS = 5;

	private static final double BUDGET_PERCENT = 20;

	private static final int BUDGET_CONCURRENCY = 3;

	private TrafficPolicies() {
	}

	/**
	 * A port's settings replace those of the destination as a whole in Istio, all but the
	 * retry budget; so a port with its own load balancing or TLS repeats what holds for
	 * all.
	 * @param host the host that is called
	 * @param certified whether the caller is given the certificates of a Secret
	 */
	static Tree of(ServiceModel service, String host, boolean certified) {
		ServiceModel.Routing routing = service.routing();
		boolean old = MeshVersion.WARMUP.isNewerThanThatOf(service.cluster());
		List<Map<String, Object>> ports = new ArrayList<>();
		Optional<Tree> tls = service.upstreamTls().map((upstream) -> UpstreamTls.of(upstream, host, certified));
		boolean everywhere = service.upstreamTls().filter(ServiceModel.UpstreamTls::whole).isPresent();
		SortedSet<Integer> apart = new TreeSet<>();
		routing.portLoadBalancing()
			.entrySet()
			.stream()
			.filter((port) -> !LoadBalancers.of(port.getValue(), old).isEmpty())
			.forEach((port) -> apart.add(port.getKey()));
		service.upstreamTls().filter((_) -> !everywhere).ifPresent((upstream) -> apart.addAll(upstream.ports()));
		for (int number : apart) {
			Tree port = Tree.of("port", Tree.of("number", number));
			Optional<LoadBalancing> balancing = Optional.ofNullable(routing.portLoadBalancing().get(number))
				.filter((own) -> !LoadBalancers.of(own, old).isEmpty())
				.or(routing::loadBalancing);
			settings(service.failover(), balancing, old).map().forEach(port::with);
			boolean secured = service.upstreamTls().filter((upstream) -> upstream.ports().contains(number)).isPresent();
			ports.add(port.with("tls", secured ? tls.orElse(null) : null).map());
		}
		return settings(service.failover(), routing.loadBalancing(), old)
			.with("tls", everywhere ? tls.orElse(null) : null)
			.with("retryBudget", service.failover().retryBudget().map(TrafficPolicies::retryBudget).orElse(null))
			.with("portLevelSettings", ports);
	}

	private static Tree settings(FailoverModel failover, Optional<LoadBalancing> loadBalancing, boolean old) {
		Tree balancer = loadBalancing.map((balancing) -> LoadBalancers.of(balancing, old))
			.orElseGet(Tree::new)
			.with("localityLbSetting", failover.locality().map(TrafficPolicies::locality).orElse(null));
		return Tree.of("loadBalancer", balancer)
			.with("connectionPool", failover.connectionPool().map(TrafficPolicies::connectionPool).orElse(null))
			.with("outlierDetection", failover.outlierDetection().map(TrafficPolicies::outlierDetection).orElse(null));
	}

	private static Tree outlierDetection(OutlierDetection detection) {
		Integer errors = detection.consecutive5xxErrors();
		return Tree.of("consecutive5xxErrors", (errors == null) ? CONSECUTIVE_5XX_ERRORS : errors)
			.with("consecutiveGatewayErrors", detection.consecutiveGatewayErrors())
			.with("consecutiveLocalOriginFailures", detection.consecutiveLocalOriginFailures())
			.with("splitExternalLocalOriginErrors", detection.splitExternalLocalOriginErrors())
			.with("interval", Values.duration(detection.interval()))
			.with("baseEjectionTime", Values.duration(detection.baseEjectionTime()))
			.with("maxEjectionPercent", detection.maxEjectionPercent())
			.with("minHealthPercent", detection.minHealthPercent());
	}

	private static Tree connectionPool(ConnectionPool pool) {
		return Tree.of("tcp", (pool.tcp() == null) ? null : tcp(pool.tcp()))
			.with("http", (pool.http() == null) ? null : http(pool.http()));
	}

	private static Tree tcp(ConnectionPool.Tcp tcp) {
		ConnectionPool.TcpKeepalive keepalive = tcp.tcpKeepalive();
		return Tree.of("maxConnections", tcp.maxConnections())
			.with("connectTimeout", Values.duration(tcp.connectTimeout()))
			.with("tcpKeepalive",
					(keepalive == null) ? null
							: Tree.of("probes", keepalive.probes())
								.with("time", Values.duration(keepalive.time()))
								.with("interval", Values.duration(keepalive.interval())))
			.with("maxConnectionDuration", Values.duration(tcp.maxConnectionDuration()))
			.with("idleTimeout", Values.duration(tcp.idleTimeout()));
	}

	private static Tree http(ConnectionPool.Http http) {
		return Tree.of("http1MaxPendingRequests", http.http1MaxPendingRequests())
			.with("http2MaxRequests", http.http2MaxRequests())
			.with("maxRequestsPerConnection", http.maxRequestsPerConnection())
			.with("maxRetries", http.maxRetries())
			.with("idleTimeout", Values.duration(http.idleTimeout()))
			.with("h2UpgradePolicy", (http.h2UpgradePolicy() == null) ? null : http.h2UpgradePolicy().name())
			.with("maxConcurrentStreams", http.maxConcurrentStreams());
	}

	/** Both fields, since a budget without any field would not be sent. */
	private static Tree retryBudget(RetryBudget budget) {
		return Tree.of("percent", Values.number((budget.percent() == null) ? BUDGET_PERCENT : budget.percent()))
			.with("minRetryConcurrency",
					(budget.minRetryConcurrency() == null) ? BUDGET_CONCURRENCY : budget.minRetryConcurrency());
	}

	private static Tree locality(Locality locality) {
		Tree tree = Tree.of("enabled", locality.enabled());
		if (locality.failover() != null) {
			tree.with("failover",
					locality.failover()
						.stream()
						.map((failover) -> Tree.of("from", failover.from()).with("to", failover.to()).map())
						.toList());
		}
		if (locality.distribute() != null) {
			tree.with("distribute",
					locality.distribute()
						.stream()
						.map((share) -> Tree.of("from", share.from()).with("to", new TreeMap<>(share.to())).map())
						.toList());
		}
		return tree.with("failoverPriority", locality.failoverPriority());
	}

}
