package dev.meshwright.model.service;

import java.util.List;
import java.util.Map;

import dev.meshwright.model.Grant;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.NonEmpty;
import dev.meshwright.model.Spec;
import org.jspecify.annotations.Nullable;

/**
 * A service: what listens, what runs, who may reach it from where.
 *
 * @param ports the ports callers use; at least one
 * @param versions the versions that run behind it; absent only when it is
 * {@code external}
 * @param external hosts outside the mesh that this service stands for, instead of
 * versions
 * @param serviceAccount the account its pods run under; absent means one of its own,
 * named like the service
 * @param disruptionBudget how many pods must stay during voluntary disruptions
 * @param exposure hosts under which it is reached through a gateway
 * @param dependencies the services it calls, each {@code name} or {@code namespace/name}
 * @param grants who in other namespaces may refer to it, and as what
 * @param leases fields of its objects that are left to other controllers, such as an
 * autoscaler or a tool for progressive delivery
 */
public record ServiceSpec(List<Port> ports, @Nullable List<Version> versions, @Nullable External external,
		@Nullable String serviceAccount, @Nullable DisruptionBudget disruptionBudget, @Nullable Exposure exposure,
		@Nullable List<String> dependencies, @Nullable List<Grant> grants,
		@Nullable List<Lease> leases) implements Spec {

	/**
	 * A port of the service.
	 *
	 * @param name its name, a DNS label, unique in the service
	 * @param port the number callers use, 1 to 65535
	 * @param targetPort the port of the pods, a number or a container port's name;
	 * default the same number
	 * @param protocol what is spoken on it
	 */
	public record Port(String name, int port, @Nullable IntOrString targetPort, Protocol protocol) {
	}

	/** What a port speaks, spelled as Istio spells it. */
	public enum Protocol {

		HTTP("http"), HTTP2("http2"), GRPC("grpc"), HTTPS("https"), TLS("tls"), TCP("tcp"), MONGO("mongo"),
		MYSQL("mysql"), REDIS("redis"), UDP("udp");

		private final String appProtocol;

		Protocol(String appProtocol) {
			this.appProtocol = appProtocol;
		}

		/**
		 * The value of a Kubernetes Service port's {@code appProtocol} by which Istio
		 * knows the protocol.
		 */
		public String appProtocol() {
			return this.appProtocol;
		}

		/** Whether requests on the port can be routed by HTTP attributes. */
		public boolean isHttp() {
			return this == HTTP || this == HTTP2 || this == GRPC;
		}

	}

	/**
	 * A version: a workload that Meshwright manages, or a selector for one that already
	 * runs; exactly one of the two.
	 *
	 * @param name the version's name, an RFC 1035 label; with the service's name at most
	 * 52 characters
	 * @param workload what to run
	 * @param selector labels of pods that something else runs, in the same namespace
	 */
	public record Version(String name, @Nullable Workload workload, @Nullable Map<String, String> selector) {
	}

	/**
	 * Hosts outside the mesh.
	 *
	 * @param hosts the DNS names; at least one
	 * @param resolution how the proxies find the addresses; default {@code DNS}
	 * @param location whether the endpoints are part of the mesh; default
	 * {@code MESH_EXTERNAL}
	 * @param addresses virtual IP addresses or CIDR blocks by which TCP traffic is
	 * recognised
	 * @param endpoints addresses to use instead of resolving the hosts; needed with
	 * {@code STATIC}
	 * @param subjectAltNames the names of which the server's certificate must carry one;
	 * with {@code tls} by default the host
	 * @param tls TLS that the callers' proxies begin, so that the applications speak
	 * plainly and nobody on the way reads it; absent leaves connections as the
	 * applications make them
	 */
	public record External(List<String> hosts, @Nullable Resolution resolution, @Nullable Location location,
			@Nullable List<String> addresses, @Nullable List<Endpoint> endpoints,
			@Nullable List<String> subjectAltNames, @Nullable Tls tls) {

		/**
		 * TLS to the hosts. The server's certificate is always verified.
		 *
		 * @param mode default {@code SIMPLE}
		 * @param credentialName a Secret of the service's namespace with {@code ca.crt},
		 * and for {@code MUTUAL} with {@code tls.crt} and {@code tls.key}; it is given to
		 * the proxies of services that declare this one as a dependency. Needed with
		 * {@code MUTUAL}; absent trusts the authorities that the proxies' image trusts
		 * @param sni the server name that is asked for; default the host
		 * @param ports the ports for which TLS is begun, by name; default all that do not
		 * speak TLS themselves. Where a port's {@code targetPort} differs, it is the
		 * server's
		 */
		public record Tls(@Nullable Mode mode, @Nullable String credentialName, @Nullable String sni,
				@NonEmpty @Nullable List<String> ports) {
		}

		/** Istio's TLS modes of a client. */
		public enum Mode {

			SIMPLE, MUTUAL

		}

		/** Istio's ServiceEntry resolution modes. */
		public enum Resolution {

			NONE, STATIC, DNS, DNS_ROUND_ROBIN, DYNAMIC_DNS

		}

		/** Istio's ServiceEntry locations. */
		public enum Location {

			MESH_EXTERNAL, MESH_INTERNAL

		}

		/**
		 * One address of an external service.
		 *
		 * @param address an IP address, or a DNS name with resolution {@code DNS}
		 * @param ports the port numbers there, by service port name; default the
		 * service's own
		 * @param labels labels of the endpoint
		 * @param network the network it is on
		 * @param locality {@code region/zone/subzone}
		 * @param weight its share of the load, at least 1
		 */
		public record Endpoint(String address, @Nullable Map<String, Integer> ports,
				@Nullable Map<String, String> labels, @Nullable String network, @Nullable String locality,
				@Nullable Integer weight) {
		}

	}

	/**
	 * A PodDisruptionBudget for each version; exactly one of the two.
	 *
	 * @param minAvailable pods that must stay, a number or a percentage
	 * @param maxUnavailable pods that may go, a number or a percentage
	 */
	public record DisruptionBudget(@Nullable IntOrString minAvailable, @Nullable IntOrString maxUnavailable) {
	}

	/**
	 * How the service is reached from outside.
	 *
	 * @param hosts the hosts, each owned by the namespace; a host belongs to one service
	 * @param gateway the name of an entry in the cluster's {@code gateways}
	 * @param port the service port that HTTP requests go to, by name; default the only or
	 * the first HTTP port
	 * @param tls the certificate; absent means plain HTTP
	 */
	public record Exposure(List<String> hosts, String gateway, @Nullable String port, @Nullable Tls tls) {

		/**
		 * TLS at the gateway.
		 *
		 * @param mode default {@code SIMPLE}
		 * @param credentialName the Secret with the certificate, which the gateway's
		 * entry must allow; not with {@code PASSTHROUGH}. With a gateway whose api is
		 * {@code istio} it is in the namespace of the gateway's pods, otherwise in the
		 * service's own
		 * @param httpsRedirect whether plain HTTP requests are sent to HTTPS; default
		 * true
		 * @param minProtocolVersion the lowest TLS version; default {@code TLSV1_2}
		 */
		public record Tls(@Nullable Mode mode, @Nullable String credentialName, @Nullable Boolean httpsRedirect,
				@Nullable MinProtocolVersion minProtocolVersion) {
		}

		/** Istio's TLS modes of a gateway's server. */
		public enum Mode {

			SIMPLE, MUTUAL, PASSTHROUGH

		}

		/** TLS versions, spelled as Istio spells them. */
		public enum MinProtocolVersion {

			TLSV1_2, TLSV1_3

		}

	}

}
