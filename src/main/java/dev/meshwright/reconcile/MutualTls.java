package dev.meshwright.reconcile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The modes of a PeerAuthentication, which become stricter before anything else and
 * looser after it: otherwise a plain caller would be let in between a mode that is looser
 * already and the rules that are to keep it out.
 */
final class MutualTls {

	private static final String MODE = "mode";

	private static final String PORTS = "portLevelMtls";

	/** The loosest first; what is not said is the mesh's own default. */
	private static final List<String> ORDER = List.of("", "UNSET", "PERMISSIVE", "DISABLE", "STRICT");

	private MutualTls() {
	}

	/** The new body, in which no port's mode is looser than in the old one. */
	static Map<String, Object> tighten(Map<String, Object> body, Map<String, Object> old) {
		Map<String, Object> spec = map(body.get("spec"));
		Map<String, Object> before = map(old.get("spec"));
		if (before.isEmpty()) {
			return body;
		}
		Map<String, Object> tightened = new LinkedHashMap<>(spec);
		String mode = stricter(mode(spec.get("mtls")), mode(before.get("mtls")));
		put(tightened, "mtls", mode.isEmpty() ? null : Map.of(MODE, mode));
		Set<String> named = new TreeSet<>(map(spec.get(PORTS)).keySet());
		named.addAll(map(before.get(PORTS)).keySet());
		Map<String, Object> ports = new LinkedHashMap<>();
		for (String port : named) {
			String ofPort = stricter(mode(spec, port), mode(before, port));
			if (!ofPort.equals(mode) || map(spec.get(PORTS)).containsKey(port)) {
				ports.put(port, Map.of(MODE, ofPort));
			}
		}
		put(tightened, PORTS, ports.isEmpty() ? null : ports);
		Map<String, Object> all = new LinkedHashMap<>(body);
		all.put("spec", tightened);
		return tightened.equals(spec) ? body : all;
	}

	private static void put(Map<String, Object> spec, String field, @Nullable Object value) {
		if (value == null) {
			spec.remove(field);
		}
		else {
			spec.put(field, value);
		}
	}

	private static String stricter(String one, String other) {
		return (ORDER.indexOf(one) >= ORDER.indexOf(other)) ? one : other;
	}

	/** What holds for a port: its own mode, or that of all ports. */
	private static String mode(Map<String, Object> spec, String port) {
		String own = mode(map(spec.get(PORTS)).get(port));
		return own.isEmpty() ? mode(spec.get("mtls")) : own;
	}

	private static String mode(@Nullable Object mtls) {
		return (map(mtls).get(MODE) instanceof String mode) ? mode : "";
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(@Nullable Object node) {
		return (node instanceof Map<?, ?> map) ? (Map<String, Object>) map : Map.of();
	}

}
