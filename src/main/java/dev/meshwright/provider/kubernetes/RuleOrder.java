package dev.meshwright.provider.kubernetes;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.google.re2j.Pattern;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpMatch.HeaderMatch;
import dev.meshwright.model.routing.HttpMatch.QueryMatch;
import dev.meshwright.provider.kubernetes.PathMatch.Type;
import org.jspecify.annotations.Nullable;

/**
 * Whether a system that sorts rules by how specific they are keeps their declared order.
 * Gateway API puts exact paths first, then the longest prefix, then a method, then the
 * most headers, then the most query parameters, and only then the order in which rules
 * are written; where an expression for the path belongs is left to the implementation.
 * Ingress does the same with paths.
 * <p>
 * The order matters for two rules only if some request matches both and they do different
 * things with it. Where that cannot be decided it is assumed.
 */
final class RuleOrder {

	/** The most specific first, where expressions for the path are equal. */
	private static final Comparator<HttpMatch> PRECEDENCE = Comparator
		.<HttpMatch, Type>comparing((match) -> PathMatch.of(match).type())
		.thenComparing((match) -> -PathMatch.of(match).value().length())
		.thenComparing((match) -> match.method() == null)
		.thenComparing((match) -> -size(match.headers()))
		.thenComparing((match) -> -size(match.query()));

	private RuleOrder() {
	}

	/**
	 * Two rules that would change places.
	 *
	 * @param first the one declared first
	 * @param later the one that would take requests which are the first one's
	 */
	record Swap(GatewayRule first, GatewayRule later) {
	}

	/** The first two rules that would change places. */
	static Optional<Swap> swap(List<GatewayRule> rules) {
		for (int later = 1; later < rules.size(); later++) {
			for (int first = 0; first < later; first++) {
				if (swaps(rules.get(first), rules.get(later))) {
					return Optional.of(new Swap(rules.get(first), rules.get(later)));
				}
			}
		}
		return Optional.empty();
	}

	private static boolean swaps(GatewayRule first, GatewayRule later) {
		return !first.actsLike(later) && first.match()
			.stream()
			.anyMatch((match) -> later.match().stream().anyMatch((other) -> overtakes(other, match)));
	}

	private static boolean overtakes(HttpMatch later, HttpMatch first) {
		if (!overlap(later, first)) {
			return false;
		}
		boolean undefined = PathMatch.of(later).type() == Type.REGEX || PathMatch.of(first).type() == Type.REGEX;
		boolean samePath = PathMatch.of(later).equals(PathMatch.of(first));
		return (undefined && !samePath) || PRECEDENCE.compare(later, first) < 0;
	}

	private static boolean overlap(HttpMatch a, HttpMatch b) {
		boolean methods = a.method() == null || b.method() == null || a.method().equals(b.method());
		return methods && PathMatch.of(a).overlaps(PathMatch.of(b))
				&& overlap(a.headers(), b.headers(), RuleOrder::text) && overlap(a.query(), b.query(), RuleOrder::text);
	}

	private static <M> boolean overlap(@Nullable Map<String, M> a, @Nullable Map<String, M> b,
			Function<M, Text> reader) {
		return a == null || b == null || a.entrySet().stream().allMatch((entry) -> {
			M other = b.get(entry.getKey());
			return other == null || reader.apply(entry.getValue()).overlaps(reader.apply(other));
		});
	}

	private static Text text(HeaderMatch match) {
		return new Text(match.exact(), match.prefix(), match.regex());
	}

	private static Text text(QueryMatch match) {
		return new Text(match.exact(), match.prefix(), match.regex());
	}

	private static int size(@Nullable Map<String, ?> map) {
		return (map != null) ? map.size() : 0;
	}

	/** What a header or parameter must be; nothing given takes any value. */
	private record Text(@Nullable String exact, @Nullable String prefix, @Nullable String regex) {

		boolean overlaps(Text other) {
			if (this.exact != null) {
				return other.takes(this.exact);
			}
			return other.exact == null || takes(other.exact);
		}

		private boolean takes(String value) {
			if (this.exact != null) {
				return this.exact.equals(value);
			}
			if (this.prefix != null) {
				return value.startsWith(this.prefix);
			}
			return this.regex == null || Pattern.matches(this.regex, value);
		}

	}

}
