package dev.meshwright.model.routing;

import java.util.List;

import dev.meshwright.model.Spec;
import org.jspecify.annotations.Nullable;

/**
 * How requests to one service are routed. One policy a service.
 *
 * @param service the service of the same namespace that this is about
 * @param rules HTTP and gRPC rules, tried in order; absent or empty means everything goes
 * to the service as a whole
 * @param tls rules for TLS connections that are passed through, by server name
 * @param tcp rules for TCP connections
 * @param loadBalancing how one of the endpoints is chosen
 * @param portLoadBalancing the same for single ports, by port name, instead of
 * {@code loadBalancing}
 */
public record RoutingPolicySpec(String service, @Nullable List<HttpRule> rules, @Nullable List<TlsRule> tls,
		@Nullable List<TcpRule> tcp, @Nullable LoadBalancing loadBalancing,
		java.util.@Nullable Map<String, LoadBalancing> portLoadBalancing) implements Spec {
}
