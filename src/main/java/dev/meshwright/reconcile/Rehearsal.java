package dev.meshwright.reconcile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.cluster.Applied;
import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.ObjectGateway;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * A cluster for whoever pushes one object without being meant to: what is applied is a
 * dry run, and nothing is deleted. So a plan is made by the very code that pushes. It
 * remembers what the push met.
 */
final class Rehearsal implements ObjectGateway {

	private final ObjectGateway gateway;

	private boolean forced;

	private Map<String, Object> handed = Map.of();

	private Optional<LiveObject> met = Optional.empty();

	Rehearsal(ObjectGateway gateway) {
		this.gateway = gateway;
	}

	/** Whether fields of others were taken over. */
	boolean forced() {
		return this.forced;
	}

	@Override
	public Optional<LiveObject> get(ObjectRef ref) {
		this.met = this.gateway.get(ref);
		return this.met;
	}

	/**
	 * What was handed over was not, so a field that we leave out after it would be
	 * missing: it is applied as if the other manager had it.
	 */
	@Override
	public Applied apply(Apply apply) {
		if (apply.manager().equals(ObjectGateway.HANDOVER_MANAGER)) {
			this.handed = apply.body();
			return this.gateway.dryRun(apply);
		}
		return dryRun(this.handed.isEmpty() ? apply : new Apply(apply.ref(), united(apply.body(), this.handed),
				apply.uid(), apply.resourceVersion(), apply.force(), apply.manager()));
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> united(Map<String, Object> body, Map<String, Object> more) {
		Map<String, Object> united = new LinkedHashMap<>(body);
		more.forEach((field, value) -> united.merge(field, value, (own, other) -> switch (own) {
			case Map<?, ?> fields when other instanceof Map<?, ?> others ->
				united((Map<String, Object>) fields, (Map<String, Object>) others);
			case List<?> items when other instanceof List<?> others -> items.stream()
				.map((item) -> others.stream()
					.filter((it) -> name(it) != null && name(it).equals(name(item)))
					.findFirst()
					.<Object>map((it) -> united((Map<String, Object>) item, (Map<String, Object>) it))
					.orElse(item))
				.toList();
			default -> own;
		}));
		return united;
	}

	private static @Nullable Object name(Object item) {
		return (item instanceof Map<?, ?> fields) ? fields.get("name") : null;
	}

	@Override
	public Applied dryRun(Apply apply) {
		this.forced |= apply.force();
		return this.gateway.dryRun(apply);
	}

	@Override
	public Optional<LiveObject> delete(ObjectRef ref, String uid, @Nullable String resourceVersion) {
		return this.met.filter((live) -> live.ref().equals(ref) && !live.finalizers().isEmpty());
	}

}
