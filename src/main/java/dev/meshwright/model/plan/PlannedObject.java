package dev.meshwright.model.plan;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a push would do to one object.
 *
 * @param apiVersion the object's apiVersion
 * @param kind its kind
 * @param namespace its Kubernetes namespace; empty for a kind that lives in none
 * @param name its name
 * @param action what would be done
 * @param phases the phases in which it would be written or taken away: make, switch,
 * break; empty when nothing would be done
 * @param takeOver whether it is somebody else's and would become ours, because the
 * Namespace says {@code conflictPolicy: takeOver} or somebody adopted it
 * @param verified whether the API server was asked, by a dry run, and would accept it;
 * false where it need not or could not be asked
 * @param reason why it would be left alone or refused, or could not be verified, one word
 * as in the condition Programmed; absent when all is well
 * @param message the same in words, with what to do; absent when all is well
 * @param changes the fields that would change, of an update; of a conflict, what adopting
 * it would change
 * @param conflicts the fields that others have and would lose if it were adopted, of a
 * conflict
 * @param uid of a conflict, the uid under which it can be adopted; absent when it cannot
 */
public record PlannedObject(String apiVersion, String kind, String namespace, String name, PlannedAction action,
		List<String> phases, boolean takeOver, boolean verified, @Nullable String reason, @Nullable String message,
		List<FieldChange> changes, List<FieldOwner> conflicts, @Nullable String uid) {

	/** {@code VirtualService.networking.istio.io shop/webapp}, as messages name it. */
	public String title() {
		int slash = this.apiVersion.indexOf('/');
		String group = (slash < 0) ? "" : "." + this.apiVersion.substring(0, slash);
		return this.kind + group + " " + (this.namespace.isEmpty() ? "" : this.namespace + "/") + this.name;
	}

}
