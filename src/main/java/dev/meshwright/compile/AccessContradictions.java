package dev.meshwright.compile;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.security.AccessRule.Source;
import org.jspecify.annotations.Nullable;

/**
 * Callers that demand what no caller can be. Such an entry lets nobody in, and a deny
 * rule keeps nobody out, so it is never meant.
 */
final class AccessContradictions {

	private AccessContradictions() {
	}

	static void check(Source source, At at) {
		String home = at.resource().namespace();
		Function<String, String> service = (text) -> ServiceRef.parse(text, home).toString();
		excluded("services", source.services(), source.notServices(), service, at);
		excluded("principals", source.principals(), source.notPrincipals(), Function.identity(), at);
		excluded("namespaces", source.namespaces(), source.notNamespaces(), Function.identity(), at);
		excluded("ipBlocks", source.ipBlocks(), source.notIpBlocks(), Function.identity(), at);
		excluded("remoteIpBlocks", source.remoteIpBlocks(), source.notRemoteIpBlocks(), Function.identity(), at);
		if (source.gateways() == null && Given.count(source.services(), source.principals()) > 0) {
			Set<String> homes = new TreeSet<>();
			Given.list(source.services()).forEach((text) -> homes.add(ServiceRef.parse(text, home).namespace()));
			Given.list(source.principals()).forEach((principal) -> homes.add(namespace(principal)));
			elsewhere("namespaces", homes,
					source.namespaces() != null && source.namespaces().stream().noneMatch(homes::contains), at);
			elsewhere("notNamespaces", homes,
					source.notNamespaces() != null && source.notNamespaces().containsAll(homes), at);
		}
	}

	private static void excluded(String field, @Nullable List<String> values, @Nullable List<String> not,
			Function<String, String> form, At at) {
		if (values != null && not != null
				&& not.stream().map(form).toList().containsAll(values.stream().map(form).toList())) {
			at.at(field)
				.report(DiagnosticCode.MATCHES_NOTHING, "all of " + values + " are excluded again by " + not, field);
		}
	}

	private static void elsewhere(String field, Set<String> homes, boolean contradicts, At at) {
		if (contradicts) {
			at.at(field)
				.report(DiagnosticCode.MATCHES_NOTHING,
						"the named callers are in " + homes + ", which " + field + " leaves out", field);
		}
	}

	private static String namespace(String principal) {
		String[] parts = principal.split("/");
		return (parts.length > 2) ? parts[2] : "";
	}

}
