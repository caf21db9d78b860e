package dev.meshwright.model.failover;

import dev.meshwright.model.LayeredPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What callers of a service do when parts of it fail.
 *
 * @param service the service of the same namespace; absent for the default of the
 * namespace, or of the platform when the policy lives in no namespace
 */
public record FailoverPolicySpec(@Nullable String service) implements LayeredPolicy {
}
