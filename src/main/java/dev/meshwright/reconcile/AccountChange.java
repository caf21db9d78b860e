package dev.meshwright.reconcile;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.PushState.InventoryEntry;

/**
 * What becomes of the account under which a service's pods run.
 *
 * @param former the accounts of the pods that were pushed
 * @param account the account that is wanted
 * @param deployments what gives it to pods
 */
record AccountChange(SortedSet<String> former, String account, SortedSet<ObjectRef> deployments) {

	/** The accounts that manifests give to pods. */
	static SortedSet<String> accounts(Collection<Manifest> manifests) {
		SortedSet<String> accounts = new TreeSet<>();
		manifests.forEach((manifest) -> add(manifest.ref(), manifest.body(), accounts));
		return accounts;
	}

	/** Whether pods are to run under an account under which none of them runs yet. */
	static Optional<AccountChange> of(Collection<Manifest> manifests, Collection<InventoryEntry> inventory) {
		SortedSet<String> wanted = accounts(manifests);
		SortedSet<String> former = new TreeSet<>();
		inventory.stream()
			.filter((entry) -> entry.uid() != null)
			.forEach((entry) -> add(entry.ref(), entry.body(), former));
		if (wanted.size() != 1 || former.isEmpty() || former.contains(wanted.first())) {
			return Optional.empty();
		}
		SortedSet<ObjectRef> deployments = new TreeSet<>();
		manifests.stream()
			.map(Manifest::ref)
			.filter((ref) -> ref.kind() == ObjectKind.DEPLOYMENT)
			.forEach(deployments::add);
		return Optional.of(new AccountChange(former, wanted.first(), deployments));
	}

	private static void add(ObjectRef ref, Map<String, Object> body, SortedSet<String> accounts) {
		if (ref.kind() == ObjectKind.DEPLOYMENT && body.get("spec") instanceof Map<?, ?> spec
				&& spec.get("template") instanceof Map<?, ?> template && template.get("spec") instanceof Map<?, ?> pod
				&& pod.get("serviceAccountName") instanceof String account) {
			accounts.add(account);
		}
	}

}
