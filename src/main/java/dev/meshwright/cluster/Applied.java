package dev.meshwright.cluster;

/**
 * What an apply did.
 *
 * @param live the object as it is now
 * @param created whether it did not exist before (the API server answered 201)
 */
public record Applied(LiveObject live, boolean created) {
}
