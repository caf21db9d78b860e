package dev.meshwright.reconcile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * What a push adds to a manifest: whose the object is, at which revision its content last
 * changed, and the fence of the claim that wrote it. None of it is part of the hash.
 *
 * @param installation this installation's id
 * @param fence the claim's fence
 */
record Stamps(String installation, long fence) {

	static final String MANAGED_BY = "app.kubernetes.io/managed-by";

	static final String MESHWRIGHT = "meshwright";

	private static final String INSTALLATION = "meshwright.dev/installation";

	private static final String FENCE = "meshwright.dev/fence";

	private static final String REVISION = "meshwright.dev/revision";

	/** A body with the stamps. */
	Map<String, Object> on(Map<String, Object> body, long revision) {
		Map<String, Object> metadata = copy(body.get("metadata"));
		Map<String, Object> labels = copy(metadata.get("labels"));
		labels.put(MANAGED_BY, MESHWRIGHT);
		Map<String, Object> annotations = copy(metadata.get("annotations"));
		annotations.put(INSTALLATION, this.installation);
		annotations.put(FENCE, Long.toString(this.fence));
		annotations.put(REVISION, Long.toString(revision));
		metadata.put("labels", labels);
		metadata.put("annotations", annotations);
		Map<String, Object> stamped = new LinkedHashMap<>(body);
		stamped.put("metadata", metadata);
		return stamped;
	}

	/**
	 * A body that owns nothing but the object's name: applying it gives our fields up.
	 */
	static Map<String, Object> nothing(ObjectRef ref) {
		Map<String, Object> metadata = new LinkedHashMap<>();
		metadata.put("name", ref.name());
		if (!ref.namespace().isEmpty()) {
			metadata.put("namespace", ref.namespace());
		}
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("apiVersion", ref.kind().apiVersion());
		body.put("kind", ref.kind().kind());
		body.put("metadata", metadata);
		return body;
	}

	/**
	 * Whether an intent of ours made or changed a live object: it carries our
	 * installation and a fence from that of the oldest open intent up to our own.
	 */
	boolean prove(LiveObject live, @Nullable Long intentFence) {
		Optional<Long> fence = fence(live);
		return intentFence != null && fence.isPresent() && fence.get() >= intentFence && fence.get() <= this.fence;
	}

	/** Whether a later claim than ours has written a live object. */
	boolean outrunBy(LiveObject live) {
		return fence(live).filter((fence) -> fence > this.fence).isPresent();
	}

	/** Whether the claim right before ours wrote a live object last. */
	boolean follows(LiveObject live) {
		return fence(live).filter((fence) -> fence == this.fence - 1).isPresent();
	}

	/** The revision on a live object; 0 where there is none. */
	static long revision(LiveObject live) {
		return number(live, REVISION).orElse(0L);
	}

	private Optional<Long> fence(LiveObject live) {
		return live.annotation(INSTALLATION).filter(this.installation::equals).flatMap((same) -> number(live, FENCE));
	}

	private static Optional<Long> number(LiveObject live, String annotation) {
		return live.annotation(annotation).filter((text) -> text.matches("\\d{1,18}")).map(Long::valueOf);
	}

	private static Map<String, Object> copy(@Nullable Object tree) {
		Map<String, Object> copy = new LinkedHashMap<>();
		if (tree instanceof Map<?, ?> fields) {
			fields.forEach((field, value) -> copy.put((String) field, value));
		}
		return copy;
	}

}
