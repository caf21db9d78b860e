package dev.meshwright.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.ownership.AdoptedObject;

/**
 * What callers decided to take over. Whoever pushes a unit reads it with
 * {@link PushState}; it holds for an hour, and for no other object of the name.
 */
public interface Adoptions {

	/** Those of these objects that other units of the cluster have, and which unit. */
	Map<ObjectRef, UnitId> owners(UnitId unit, Collection<ObjectRef> refs);

	/**
	 * Keeps what is to be taken over for a service, has the service compared at once, and
	 * ends the job in whose owner's name it is done; audited.
	 * @param result what the job found, a JSON document
	 * @return false when the claim was lost; nothing is changed then
	 */
	boolean adopt(Jobs.Claim claim, ServiceRef service, List<AdoptedObject> objects, String result);

}
