package dev.meshwright.bench;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.meshwright.model.ObjectKind;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * Counts calls where they arrive: the API server's own {@code apiserver_request_total},
 * for the resources that Meshwright pushes. A watch that ended, as each does every minute
 * or so to be begun anew, is neither.
 *
 * @param mutating POST, PUT, PATCH, APPLY and DELETE
 * @param reads GET and LIST, each page of a list
 */
record ServerMetrics(long mutating, long reads) {

	private static final Pattern LINE = Pattern.compile("apiserver_request_total\\{(.*)} (\\S+)");

	private static final Set<String> MUTATING = Set.of("POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION");

	private static final Set<String> READS = Set.of("GET", "LIST");

	private static final Set<String> RESOURCES = Arrays.stream(ObjectKind.values())
		.map((kind) -> kind.group() + "/" + kind.plural())
		.collect(Collectors.toSet());

	static ServerMetrics read(KubernetesClient client) {
		long mutating = 0;
		long reads = 0;
		for (String line : client.raw("/metrics").lines().toList()) {
			Matcher matcher = LINE.matcher(line);
			if (!matcher.matches() || !RESOURCES
				.contains(label(matcher.group(1), "group") + "/" + label(matcher.group(1), "resource"))) {
				continue;
			}
			long count = (long) Double.parseDouble(matcher.group(2));
			String verb = label(matcher.group(1), "verb");
			mutating += MUTATING.contains(verb) ? count : 0;
			reads += READS.contains(verb) ? count : 0;
		}
		return new ServerMetrics(mutating, reads);
	}

	private static String label(String labels, String name) {
		Matcher matcher = Pattern.compile("(?:^|,)" + name + "=\"([^\"]*)\"").matcher(labels);
		return matcher.find() ? matcher.group(1) : "";
	}

	ServerMetrics since(ServerMetrics before) {
		return new ServerMetrics(this.mutating - before.mutating, this.reads - before.reads);
	}

}
