package dev.meshwright.store;

import dev.meshwright.model.Resource;
import tools.jackson.databind.node.ObjectNode;

/**
 * A resource together with its spec as it was sent.
 *
 * @param resource the resource
 * @param spec the spec as a tree, nothing defaulted
 */
public record StoredResource(Resource<?> resource, ObjectNode spec) {
}
