package dev.meshwright.model.ownership;

import java.util.Set;

import dev.meshwright.model.ObjectRef;

/**
 * What somebody decided to take over of one live object.
 *
 * @param ref the object
 * @param uid the uid of the live object that is meant; another one in its place is not
 * @param fields the fields that others may lose to us, as an API server writes them, such
 * as {@code .spec.replicas}
 */
public record Adoption(ObjectRef ref, String uid, Set<String> fields) {
}
