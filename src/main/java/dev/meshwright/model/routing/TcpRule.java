package dev.meshwright.model.routing;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where TCP connections go.
 *
 * @param name a name for the rule
 * @param appliesTo where the rule holds; default both
 * @param match alternatives, one of which must match; absent means every connection
 * @param split where connections go, by weight; absent means the service as a whole
 */
public record TcpRule(@Nullable String name, HttpRule.@Nullable AppliesTo appliesTo, @Nullable List<TcpMatch> match,
		@Nullable List<Destination> split) {

	/**
	 * What a connection must look like.
	 *
	 * @param port the service port, by name
	 * @param destinationSubnets addresses that are called, as CIDR blocks
	 * @param source the workload that calls
	 */
	public record TcpMatch(@Nullable String port, @Nullable List<String> destinationSubnets,
			HttpMatch.@Nullable Source source) {
	}

}
