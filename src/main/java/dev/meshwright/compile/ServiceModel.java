package dev.meshwright.compile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.routing.LoadBalancing;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.model.service.Workload;

/**
 * A service on one cluster, resolved: every reference followed, every default filled in,
 * checked. It is all that a renderer sees.
 *
 * @param ref the service
 * @param namespace its namespace
 * @param host the name callers inside the mesh use:
 * {@code webapp.shop.svc.cluster.local}, or the first host of an external service
 * @param ports its ports, in declared order
 * @param versions its versions, in declared order; empty when external
 * @param external what it stands for outside the mesh, if it does
 * @param account the service account of its pods
 * @param ownsAccount whether the account is made for this service (managed versions and
 * none named)
 * @param disruptionBudget pods that must stay, if declared
 * @param exposure how it is reached from outside, if it is on this cluster
 * @param routing how requests are routed
 * @param failover what its callers do when parts of it fail
 * @param visibleTo the Kubernetes namespaces that may see it, its own included: its
 * gateway's, and those of services that declare it as a dependency and are granted it, or
 * are routed to it
 * @param security who may reach it
 * @param upstreamTls TLS that callers begin to the hosts that it stands for outside the
 * mesh
 */
public record ServiceModel(ServiceRef ref, NamespaceModel namespace, String host, List<ServiceSpec.Port> ports,
		List<Version> versions, Optional<ServiceSpec.External> external, String account, boolean ownsAccount,
		Optional<ServiceSpec.DisruptionBudget> disruptionBudget, Optional<Exposure> exposure, Routing routing,
		FailoverModel failover, SortedSet<String> visibleTo, SecurityModel security,
		Optional<UpstreamTls> upstreamTls) {

	/** A service about whose security nothing is declared. */
	public ServiceModel(ServiceRef ref, NamespaceModel namespace, String host, List<ServiceSpec.Port> ports,
			List<Version> versions, Optional<ServiceSpec.External> external, String account, boolean ownsAccount,
			Optional<ServiceSpec.DisruptionBudget> disruptionBudget, Optional<Exposure> exposure, Routing routing,
			FailoverModel failover, SortedSet<String> visibleTo) {
		this(ref, namespace, host, ports, versions, external, account, ownsAccount, disruptionBudget, exposure, routing,
				failover, visibleTo, SecurityModel.NONE, Optional.empty());
	}

	public ClusterModel cluster() {
		return this.namespace.cluster();
	}

	/** The versions of this service that are managed. */
	public List<Version> managedVersions() {
		return this.versions.stream().filter((version) -> version.workload().isPresent()).toList();
	}

	/**
	 * TLS to an external service.
	 *
	 * @param mode the mode
	 * @param credentialName the Secret with the certificates, if one is named
	 * @param sni the server name that is asked for; empty means the host
	 * @param ports the numbers of the ports for which it is begun
	 * @param whole whether these are all ports
	 * @param subjectAltNames the names of which the certificate must carry one; empty
	 * means the host
	 * @param callers the pods that get the certificates, by the name of their service
	 */
	public record UpstreamTls(ServiceSpec.External.Mode mode, Optional<String> credentialName, Optional<String> sni,
			SortedSet<Integer> ports, boolean whole, List<String> subjectAltNames,
			SortedMap<String, Map<String, String>> callers) {
	}

	/**
	 * A version.
	 *
	 * @param name its name
	 * @param workload what is run for it, if it is managed
	 * @param labels the labels of its pods: for a managed version
	 * {@code app.kubernetes.io/name} and {@code meshwright.dev/version}, otherwise its
	 * selector
	 */
	public record Version(String name, Optional<Workload> workload, Map<String, String> labels) {

		/**
		 * Whether it is managed and not scaled to nothing, so that it becomes available.
		 */
		public boolean runs() {
			return this.workload
				.filter((managed) -> managed.autoscaling() != null || Given.or(managed.replicas(), 1) > 0)
				.isPresent();
		}

	}

	/**
	 * The exposure at a gateway of this cluster.
	 *
	 * @param hosts the hosts
	 * @param gateway the gateway
	 * @param port the service port that HTTP requests go to
	 * @param tls TLS at the gateway with mode, httpsRedirect and minProtocolVersion
	 * filled in; empty means plain HTTP
	 */
	public record Exposure(List<String> hosts, GatewayEntry gateway, ServiceSpec.Port port,
			Optional<ServiceSpec.Exposure.Tls> tls) {
	}

	/**
	 * The routing rules in order. No rules at all means everything goes to the service as
	 * a whole.
	 *
	 * @param declared whether a RoutingPolicy exists for the service
	 * @param http HTTP and gRPC rules
	 * @param tls TLS rules
	 * @param tcp TCP rules
	 * @param loadBalancing how endpoints are chosen, if declared
	 * @param portLoadBalancing the same for single ports, by port number
	 */
	public record Routing(boolean declared, List<RouteModel.Http> http, List<RouteModel.Tls> tls,
			List<RouteModel.Tcp> tcp, Optional<LoadBalancing> loadBalancing,
			Map<Integer, LoadBalancing> portLoadBalancing) {
	}

}
