package dev.meshwright.document;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.meshwright.model.DnsNames;

/**
 * What Kubernetes demands of labels and annotations. Keys that Kubernetes, Istio and
 * Meshwright keep for themselves are refused, so that nobody can claim ownership of an
 * object by a label.
 */
final class Labels {

	private static final List<String> RESERVED = List.of("meshwright.dev", "kubernetes.io", "k8s.io", "istio.io");

	private static final int MOST_ANNOTATION_BYTES = 256 * 1024;

	private final List<ShapeError> errors;

	Labels(List<ShapeError> errors) {
		this.errors = errors;
	}

	Map<String, String> labels(Map<String, String> labels) {
		labels.forEach((key, value) -> {
			String pointer = "/metadata/labels/" + Pointers.escape(key);
			key(key, pointer);
			if (!DnsNames.isLabelValue(value)) {
				error(pointer, "INVALID_LABEL", Pointers.shown(value) + " is not a label value; at most 63 letters, "
						+ "digits, '-', '_' and '.', beginning and ending with a letter or digit");
			}
		});
		return Map.copyOf(labels);
	}

	Map<String, String> annotations(Map<String, String> annotations) {
		long bytes = 0;
		for (Map.Entry<String, String> entry : annotations.entrySet()) {
			key(entry.getKey(), "/metadata/annotations/" + Pointers.escape(entry.getKey()));
			bytes += entry.getKey().length() + entry.getValue().getBytes(StandardCharsets.UTF_8).length;
		}
		if (bytes > MOST_ANNOTATION_BYTES) {
			error("/metadata/annotations", "TOO_LARGE",
					"Annotations take " + bytes + " bytes; at most " + MOST_ANNOTATION_BYTES + " are allowed");
		}
		return Map.copyOf(annotations);
	}

	private void key(String key, String pointer) {
		int slash = key.indexOf('/');
		String prefix = (slash < 0) ? "" : key.substring(0, slash);
		if (!DnsNames.isLabelKey(key)) {
			error(pointer, "INVALID_LABEL", Pointers.shown(key) + " is not a key; write a name of at most 63 letters, "
					+ "digits, '-', '_' and '.', with a DNS name and '/' before it if need be");
		}
		else if (RESERVED.stream().anyMatch((domain) -> prefix.equals(domain) || prefix.endsWith("." + domain))) {
			error(pointer, "RESERVED_KEY",
					"Keys under " + prefix + "/ are kept for the system; use a domain of your own");
		}
	}

	private void error(String pointer, String code, String message) {
		this.errors.add(new ShapeError(pointer, code, message));
	}

}
