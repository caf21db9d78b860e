package dev.meshwright.model.routing;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where TLS connections go that are passed through undecrypted.
 *
 * @param name a name for the rule
 * @param appliesTo where the rule holds; default both
 * @param match alternatives, one of which must match; at least one
 * @param split where connections go, by weight; absent means the service as a whole
 */
public record TlsRule(@Nullable String name, HttpRule.@Nullable AppliesTo appliesTo, List<TlsMatch> match,
		@Nullable List<Destination> split) {

	/**
	 * What a connection must look like.
	 *
	 * @param sni server names, one of which must be asked for; at least one; {@code *.}
	 * and a domain for those below it
	 * @param port the service port, by name
	 * @param source the workload that calls
	 */
	public record TlsMatch(List<String> sni, @Nullable String port, HttpMatch.@Nullable Source source) {
	}

}
