package dev.meshwright.store;

import java.util.Set;
import java.util.UUID;

import dev.meshwright.model.ObjectRef;

/**
 * What an applied plan allows a unit: nothing else is taken away or taken over.
 *
 * @param plan the plan
 * @param removals the objects that may go
 * @param takeovers the objects of others that may become ours
 */
public record PlanLimit(UUID plan, Set<ObjectRef> removals, Set<ObjectRef> takeovers) {
}
