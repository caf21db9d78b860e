package dev.meshwright.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * Reads declarations for callers; what a caller may not see is as if it did not exist.
 */
public interface Resources {

	/**
	 * A resource, also one that is being deleted (its metadata then has a
	 * deletionTimestamp).
	 */
	Optional<StoredResource> find(Caller caller, ResourceId id);

	/**
	 * One page of a list, ordered by namespace and name; resources that are being deleted
	 * are included.
	 */
	Page list(Caller caller, ListQuery query);

	/**
	 * What to list.
	 *
	 * @param kind the kind
	 * @param namespace only this namespace, or null for every namespace that the caller
	 * may see
	 * @param labels which labels the resources must have
	 * @param limit the most items, at least 1
	 * @param after namespace and name of the last item of the page before, or null for
	 * the first page
	 */
	record ListQuery(Kind kind, @Nullable String namespace, LabelSelector labels, int limit,
			@Nullable ResourceId after) {
	}

	/**
	 * A page.
	 *
	 * @param items the resources
	 * @param more whether there are further ones
	 * @param revision the head revision that the page shows
	 */
	record Page(List<StoredResource> items, boolean more, long revision) {
	}

	/**
	 * Which labels a resource must have; all of it must hold.
	 *
	 * @param requirements the requirements
	 */
	record LabelSelector(List<Requirement> requirements) {

		public static final LabelSelector EVERYTHING = new LabelSelector(java.util.List.of());

		/** Whether labels fulfil it. */
		public boolean matches(Map<String, String> labels) {
			return this.requirements.stream()
				.allMatch((requirement) -> requirement.matches(labels.get(requirement.label)));
		}

		/**
		 * One requirement, as in a Kubernetes label selector.
		 *
		 * @param label the label
		 * @param operator what is asked of it
		 * @param values the values for IN and NOT_IN
		 */
		public record Requirement(String label, Operator operator, Set<String> values) {

			boolean matches(@Nullable String value) {
				return switch (this.operator) {
					case IN -> value != null && this.values.contains(value);
					case NOT_IN -> value == null || !this.values.contains(value);
					case EXISTS -> value != null;
					case DOES_NOT_EXIST -> value == null;
				};
			}

		}

		/** The operators of a Kubernetes label selector. */
		public enum Operator {

			IN, NOT_IN, EXISTS, DOES_NOT_EXIST

		}

	}

}
