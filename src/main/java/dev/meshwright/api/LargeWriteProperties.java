package dev.meshwright.api;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Writes on which many units depend.
 *
 * @param units the most units and placements that a write may compile while its caller
 * waits; with more it becomes a job
 * @param answerAfter how long its caller then waits for the job before the answer is 202
 * @param lease how long a job whose process died stays with it
 */
@ConfigurationProperties("meshwright.large-writes")
record LargeWriteProperties(@DefaultValue("500") int units, @DefaultValue("10s") Duration answerAfter,
		@DefaultValue("30s") Duration lease) {
}
