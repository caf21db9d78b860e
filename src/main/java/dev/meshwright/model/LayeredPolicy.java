package dev.meshwright.model;

import org.jspecify.annotations.Nullable;

/**
 * The spec of a policy that may be declared at three levels: for the platform, for a
 * namespace, for one service. Where it lives and {@link #service} together say for what:
 * see {@link PolicyTarget}.
 */
public interface LayeredPolicy extends Spec {

	/**
	 * The service of its namespace for which the policy is; null for the default of a
	 * namespace or of the platform.
	 */
	@Nullable String service();

}
