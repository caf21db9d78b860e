package dev.meshwright.cluster;

/**
 * What stands in a cluster about the installation that pushes to it. It is what tells a
 * database that was restored, replaced or mixed up from the one that pushed last.
 *
 * @param installation the installation's id
 * @param revision a revision up to which it has pushed; it may have pushed a little
 * further, never less far
 * @param fence the highest fence of a claim that it has pushed with, as far as it was
 * known then
 * @param resourceVersion of the object that holds this, for the next write of it
 */
public record InstallationStamp(String installation, long revision, long fence, String resourceVersion) {
}
