package dev.meshwright.provider.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;

/** The labels that Meshwright's objects carry. */
final class Labels {

	static final String NAME = "app.kubernetes.io/name";

	static final String VERSION = "meshwright.dev/version";

	private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

	private Labels() {
	}

	/** Of every object. */
	static Map<String, String> ours() {
		Map<String, String> labels = new LinkedHashMap<>();
		labels.put(MANAGED_BY, "meshwright");
		return labels;
	}

	/** Of an object that belongs to a service as a whole. */
	static Map<String, String> ofService(String service) {
		Map<String, String> labels = ours();
		labels.put(NAME, service);
		return labels;
	}

	/** Of an object that belongs to one version. */
	static Map<String, String> ofVersion(String service, String version) {
		Map<String, String> labels = ofService(service);
		labels.put(VERSION, version);
		return labels;
	}

	/** By which a managed version's pods are selected, for ever. */
	static Map<String, String> selector(String service, String version) {
		Map<String, String> labels = new LinkedHashMap<>();
		labels.put(NAME, service);
		labels.put(VERSION, version);
		return labels;
	}

	/**
	 * Of a managed version's pods: the selector, and what Istio and Kiali tell workloads
	 * apart by.
	 */
	static Map<String, String> ofPods(String service, String version) {
		Map<String, String> labels = selector(service, version);
		labels.put("app", service);
		labels.put("version", version);
		return labels;
	}

}
