package dev.meshwright.reconcile;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this process reconciles.
 *
 * @param enabled whether it reconciles at all; a replica may serve the API only
 * @param resyncInterval how often everything is compared with the clusters, with up to a
 * tenth of jitter
 * @param probeInterval how often clusters are asked for identity and versions
 * @param pollInterval the longest time between two looks at the store, should a
 * notification be missed
 * @param lease how long a claim holds without renewal; the work of a process that was
 * killed is taken over after it. Renewed three times as often
 * @param batch the most units claimed at once
 * @param unitsPerCluster the most units of one cluster that this process works on at a
 * time, and as many urgent ones beside them: two batches, so that one is compiled while
 * the other is pushed. What one process has claimed no other works on
 */
@ConfigurationProperties("meshwright.reconcile")
public record ReconcileProperties(@DefaultValue("true") boolean enabled, @DefaultValue("10m") Duration resyncInterval,
		@DefaultValue("1m") Duration probeInterval, @DefaultValue("5s") Duration pollInterval,
		@DefaultValue("10s") Duration lease, @DefaultValue("64") int batch, @DefaultValue("128") int unitsPerCluster) {
}
