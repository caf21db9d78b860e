package dev.meshwright.reconcile;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a newer version begins to push.
 *
 * @param hold whether it waits until an operator has seen what it would change
 */
@ConfigurationProperties("meshwright.upgrade")
record UpgradeProperties(@DefaultValue("false") boolean hold) {
}
