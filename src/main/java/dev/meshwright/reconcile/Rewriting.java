package dev.meshwright.reconcile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.Quantities;
import dev.meshwright.store.PushState.Rewritten;
import org.jspecify.annotations.Nullable;

/**
 * What an API server keeps otherwise than it was sent. It books a field as ours however
 * an admission webhook has changed it on the way, so that nothing but the values tells.
 * How the server spells a value is no change of it: another quantity of the same amount,
 * or nothing where nothing was said.
 */
final class Rewriting {

	/** Of an object whose every field is rewritten these say enough. */
	private static final int MOST_FIELDS = 20;

	private static final int MOST_OBJECTS = 10;

	private Rewriting() {
	}

	/**
	 * The fields of what was sent that are otherwise in what the API server keeps.
	 * @param sent the body of an apply
	 * @param live the answer
	 */
	static List<Rewritten> of(Map<String, Object> sent, LiveObject live) {
		return DriftedField.rewritten(sent, live)
			.stream()
			.limit(MOST_FIELDS)
			.map((field) -> new Rewritten(field.path(), field.live() == null))
			.toList();
	}

	/**
	 * Whether two answers keep the same fields otherwise than sent, and in the same way.
	 */
	static boolean alike(Map<String, Object> sent, LiveObject one, LiveObject other) {
		return DriftedField.rewritten(sent, one).equals(DriftedField.rewritten(sent, other));
	}

	/** For people, of several objects; empty when there is nothing to say. */
	static Optional<String> message(SortedMap<ObjectRef, List<Rewritten>> rewritten) {
		String objects = rewritten.entrySet()
			.stream()
			.filter((each) -> !each.getValue().isEmpty())
			.limit(MOST_OBJECTS)
			.map((each) -> message(each.getKey(), each.getValue()))
			.collect(Collectors.joining("; "));
		return objects.isEmpty() ? Optional.empty()
				: Optional.of(objects + ". The API server took what was sent and keeps something else, as an admission "
						+ "webhook of the cluster makes it do: leave the fields out of the declaration, or have the "
						+ "webhook leave them alone");
	}

	private static String message(ObjectRef ref, List<Rewritten> fields) {
		return ref + ": "
				+ fields.stream()
					.map((field) -> field.path() + (field.removed() ? " is removed" : " is rewritten"))
					.collect(Collectors.joining(", "));
	}

	/**
	 * Whether a value is what was sent, however the server spells it.
	 * @param kind of which object
	 */
	static boolean same(@Nullable Object live, @Nullable Object sent, ObjectKind kind) {
		return switch (sent) {
			case null -> true;
			case Map<?, ?> fields when fields.isEmpty() -> true;
			case List<?> items when items.isEmpty() -> true;
			case Map<?, ?> fields -> live instanceof Map<?, ?> values && fields.entrySet()
				.stream()
				.allMatch((field) -> same(values.get(field.getKey()), field.getValue(), kind));
			case List<?> items -> live instanceof List<?> values && same(values, items, kind);
			default -> (live != null) ? sameScalar(live, sent) : isBuiltIn(kind) && saysNothing(sent);
		};
	}

	private static boolean same(List<?> live, List<?> sent, ObjectKind kind) {
		if (live.size() != sent.size()) {
			return false;
		}
		for (int index = 0; index < sent.size(); index++) {
			if (!same(live.get(index), sent.get(index), kind)) {
				return false;
			}
		}
		return true;
	}

	private static boolean sameScalar(Object live, Object sent) {
		if (LiveComparison.includes(live, sent)) {
			return true;
		}
		return Quantities.amount(String.valueOf(live))
			.flatMap((amount) -> Quantities.amount(String.valueOf(sent)).map((other) -> amount.compareTo(other) == 0))
			.orElse(false);
	}

	/** What the server's own types leave out when it says nothing; a CRD keeps it. */
	private static boolean saysNothing(Object sent) {
		return sent.equals("") || sent.equals(false) || (sent instanceof Number number && number.doubleValue() == 0);
	}

	private static boolean isBuiltIn(ObjectKind kind) {
		return !kind.group().contains(".")
				|| (kind.group().endsWith(".k8s.io") && !kind.group().startsWith("gateway."));
	}

}
