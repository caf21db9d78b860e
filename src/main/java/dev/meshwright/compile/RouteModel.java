package dev.meshwright.compile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

import dev.meshwright.model.HeaderOperations;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;

/** Routing rules, resolved. */
public interface RouteModel {

	/**
	 * An HTTP or gRPC rule.
	 *
	 * @param name its name; {@code rule-<index>} when none is declared
	 * @param mesh whether it holds for callers inside the mesh
	 * @param gateway whether it holds for requests through the gateway
	 * @param match alternatives; empty means every request
	 * @param split where requests go; empty with a redirect or direct response, otherwise
	 * at least one with weights that are all given
	 * @param mirrors where copies go
	 * @param rule the rule as declared, with what failover policies say where it is
	 * silent: redirect, directResponse, rewrite, timeout, retries, fault, cors and
	 * headers are read from it
	 */
	record Http(String name, boolean mesh, boolean gateway, List<Match> match, List<Split> split, List<Mirror> mirrors,
			HttpRule rule) {
	}

	/**
	 * One alternative of an HTTP rule.
	 *
	 * @param declared the match as declared; its {@code port}, {@code source} and
	 * {@code grpc} are to be read from the other components
	 * @param port the service port's number, if the match names one
	 * @param sources the callers, alternatives; empty means any
	 */
	record Match(HttpMatch declared, Optional<Integer> port, List<Source> sources) {
	}

	/**
	 * A calling workload; both must hold.
	 *
	 * @param namespace the namespace it runs in; empty means any
	 * @param labels labels of its pods; empty means any
	 */
	record Source(Optional<String> namespace, Map<String, String> labels) {
	}

	/**
	 * A TLS rule.
	 *
	 * @param name its name
	 * @param mesh whether it holds for callers inside the mesh
	 * @param gateway whether it holds at the gateway
	 * @param match alternatives, at least one
	 * @param split where connections go, at least one
	 */
	record Tls(String name, boolean mesh, boolean gateway, List<TlsMatch> match, List<Split> split) {
	}

	/**
	 * One alternative of a TLS rule.
	 *
	 * @param sni the server names
	 * @param port the service port's number, if named
	 * @param sources the callers; empty means any
	 */
	record TlsMatch(List<String> sni, Optional<Integer> port, List<Source> sources) {
	}

	/**
	 * A TCP rule.
	 *
	 * @param name its name
	 * @param mesh whether it holds for callers inside the mesh
	 * @param gateway whether it holds at the gateway
	 * @param match alternatives; empty means every connection
	 * @param split where connections go, at least one
	 */
	record Tcp(String name, boolean mesh, boolean gateway, List<TcpMatch> match, List<Split> split) {
	}

	/**
	 * One alternative of a TCP rule.
	 *
	 * @param port the service port's number, if named
	 * @param destinationSubnets CIDR blocks; empty means any
	 * @param sources the callers; empty means any
	 */
	record TcpMatch(Optional<Integer> port, List<String> destinationSubnets, List<Source> sources) {
	}

	/**
	 * One weighted target.
	 *
	 * @param target where requests go
	 * @param weight its share of the sum of all shares
	 * @param headers changes to headers of requests that go here, if declared
	 */
	record Split(Target target, int weight, Optional<HeaderOperations> headers) {
	}

	/**
	 * Where copies go.
	 *
	 * @param target the target
	 * @param percentage percent of the requests
	 */
	record Mirror(Target target, double percentage) {
	}

	/**
	 * A resolved destination.
	 *
	 * @param service the service
	 * @param host its host name inside the cluster
	 * @param version the version, empty for the service as a whole; also the subset's
	 * name
	 * @param port the service port's number; empty only when it follows the port that was
	 * called
	 * @param deployments the Deployments that must have an available replica before
	 * requests are moved here: of the managed version, or of every managed version; empty
	 * when nothing there is managed
	 */
	record Target(ServiceRef service, String host, Optional<String> version, Optional<Integer> port,
			SortedSet<ObjectRef> deployments) {
	}

}
