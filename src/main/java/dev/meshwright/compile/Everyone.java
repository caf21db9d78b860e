package dev.meshwright.compile;

import java.util.List;

import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.AccessRule.Source;
import org.jspecify.annotations.Nullable;

/** Whether a rule's callers are no narrower than everybody. */
final class Everyone {

	private Everyone() {
	}

	static boolean isMatchedBy(AccessRule rule) {
		return rule.from() == null || rule.from().stream().anyMatch(Everyone::is);
	}

	/**
	 * A source that demands no identity, which not-fields about identities do, too, and
	 * no addresses but those of half the world.
	 */
	private static boolean is(Source source) {
		boolean identity = Given.count(source.services(), source.principals(), source.gateways(), source.namespaces(),
				source.claims(), source.notServices(), source.notPrincipals(), source.notNamespaces()) > 0;
		return !identity && !narrows(source.ipBlocks()) && !narrows(source.remoteIpBlocks());
	}

	private static boolean narrows(@Nullable List<String> blocks) {
		return blocks != null && blocks.stream().noneMatch((block) -> block.endsWith("/0") || block.endsWith("/1"));
	}

}
