package dev.meshwright.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Units.Claim;

/**
 * The push of each unit with a cluster: what it read, what it intends, what it has
 * pushed. Each call is one transaction for many units; a claim that is lost changes
 * nothing.
 */
public interface Pushes extends PushProgress {

	/**
	 * Records what the units read and, before the first call to a cluster, what they are
	 * about to do there. A unit of whose keys one changed above its snapshot's revision
	 * stays dirty.
	 * @return one entry for each claim that still holds
	 */
	List<Begun> begin(Collection<PushBeginning> beginnings);

	/**
	 * Records what became of it, reports, and ends the claims.
	 * @return the claims that still held; nothing is recorded for the others
	 */
	Set<Claim> finish(Collection<PushEnd> ends);

	/**
	 * The answer to a beginning.
	 *
	 * @param claim the claim, which holds
	 * @param refused objects that other units have, by the unit that has them
	 * @param former uids of objects that are to be made now, from times when we had them
	 * and let them go; a live object with one of them was made by us
	 */
	record Begun(Claim claim, Map<ObjectRef, UnitId> refused, Map<ObjectRef, Set<String>> former) {
	}

}
