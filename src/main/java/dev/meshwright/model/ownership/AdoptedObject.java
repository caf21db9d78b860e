package dev.meshwright.model.ownership;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * An object that is to be taken over, named exactly as it was shown.
 *
 * @param cluster the cluster it is on
 * @param apiVersion its apiVersion
 * @param kind its kind
 * @param namespace its Kubernetes namespace
 * @param name its name
 * @param uid its uid
 * @param fields every field that another manager has and would lose, such as
 * {@code .spec.replicas}; absent for none
 */
public record AdoptedObject(String cluster, String apiVersion, String kind, String namespace, String name, String uid,
		@Nullable List<String> fields) {

	/** The object; empty when no renderer makes such objects. */
	public Optional<ObjectRef> ref() {
		return ObjectRef.of(this.apiVersion, this.kind, this.namespace, this.name);
	}

	/** What this allows; its kind is one of ours. */
	public Adoption adoption() {
		return new Adoption(ref().orElseThrow(), this.uid,
				new TreeSet<>((this.fields != null) ? this.fields : List.of()));
	}

}
