package dev.meshwright.store;

import java.util.List;

import dev.meshwright.model.Caller;
import dev.meshwright.model.UnitId;

/**
 * What is to be deleted on each cluster, counted over all units and replicas, and held
 * when it is more than the Cluster's {@code safety} allows: both more objects than
 * {@code maxDeletes} and a greater part of its inventory than {@code maxDeletePercent}.
 * What was deleted in the last ten minutes counts, too; what an operator released does
 * not, nor what is let go and stays on the cluster, as every Kubernetes Namespace does.
 */
public interface Deletions {

	/** What is to go on a cluster and is not released. */
	Pending pending(String cluster);

	/** Up to {@code limit} of these objects, in the order of their names. */
	List<Doomed> doomed(String cluster, int limit);

	/**
	 * Releases what committed revisions up to {@code revision} take away on a cluster;
	 * audited.
	 * @param deletes how many objects these are
	 * @return how many they are really; nothing is released when that differs
	 */
	int release(Caller caller, String cluster, long revision, int deletes);

	/**
	 * What is to go on a cluster.
	 *
	 * @param deletes objects that are to go and are not released
	 * @param revision the newest revision that takes one of them away; 0 for none
	 * @param recent objects that went in the last ten minutes without a release
	 * @param objects objects of the inventory, with the recent ones
	 * @param maxDeletes the Cluster's limit, in objects
	 * @param maxDeletePercent the Cluster's limit, in per cent of the objects
	 */
	record Pending(int deletes, long revision, int recent, int objects, int maxDeletes, int maxDeletePercent) {

		/** Whether the limit is exceeded, should so many more have to go. */
		public boolean exceeds(int more) {
			long all = (long) this.deletes + this.recent + more;
			return all > this.maxDeletes && all * 100 > (long) this.maxDeletePercent * this.objects;
		}

		/** Whether these deletions wait for a release. */
		public boolean held() {
			return this.deletes > 0 && exceeds(0);
		}

	}

	/**
	 * An object that is to go.
	 *
	 * @param object the object, as {@code Kind.group namespace/name}
	 * @param unit whose it is
	 * @param revision the revision that takes it away
	 */
	record Doomed(String object, UnitId unit, long revision) {
	}

}
