package dev.meshwright.api;

import java.util.List;

import dev.meshwright.store.Deletions;

/**
 * What is to be deleted on a cluster.
 *
 * @param held whether it waits for a release
 * @param deletes how many objects are to go and are not released
 * @param revision the newest revision that takes one of them away; 0 for none
 * @param recent how many objects went in the last ten minutes without a release
 * @param objects how many objects there are, with the recent ones
 * @param maxDeletes the Cluster's limit, in objects
 * @param maxDeletePercent the Cluster's limit, in per cent of the objects
 * @param items the objects that are to go, the first 500
 */
record HeldDeletesView(boolean held, int deletes, long revision, int recent, int objects, int maxDeletes,
		int maxDeletePercent, List<ItemView> items) {

	static final int MOST = 500;

	static HeldDeletesView of(Deletions.Pending pending, List<Deletions.Doomed> doomed) {
		return new HeldDeletesView(pending.held(), pending.deletes(), pending.revision(), pending.recent(),
				pending.objects(), pending.maxDeletes(), pending.maxDeletePercent(),
				doomed.stream()
					.map((each) -> new ItemView(each.object(), each.unit().namespace(), each.unit().service(),
							each.revision()))
					.toList());
	}

	/**
	 * An object that is to go.
	 *
	 * @param object its kind, namespace and name
	 * @param namespace the Namespace it belongs to
	 * @param service the Service it belongs to; empty for the Namespace itself
	 * @param revision the revision that takes it away
	 */
	record ItemView(String object, String namespace, String service, long revision) {
	}

}
