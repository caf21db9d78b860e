package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.google.re2j.Pattern;
import dev.meshwright.model.routing.HttpMatch;
import org.jspecify.annotations.Nullable;

/**
 * A match of an HTTPRoute. Gateway API does not say whether an expression must match the
 * whole value; ours do, so they are anchored.
 */
final class HttpRouteMatch {

	private HttpRouteMatch() {
	}

	static Tree of(HttpMatch match) {
		PathMatch path = PathMatch.of(match);
		return Tree.of("path", path(path))
			.with("headers", headers(match.headers()))
			.with("queryParams", query(match.query()))
			.with("method", match.method());
	}

	private static Tree path(PathMatch path) {
		return switch (path.type()) {
			case EXACT -> Tree.of("type", "Exact").with("value", path.value());
			case PREFIX -> Tree.of("type", "PathPrefix").with("value", path.value());
			case REGEX -> Tree.of("type", "RegularExpression").with("value", whole(path.value()));
		};
	}

	private static List<Map<String, Object>> headers(@Nullable Map<String, HttpMatch.HeaderMatch> headers) {
		return (headers == null) ? List.of()
				: Tree.list(new TreeMap<>(headers).entrySet()
					.stream()
					.map((header) -> text(header.getKey(), header.getValue().exact(), header.getValue().prefix(),
							header.getValue().regex()))
					.toList());
	}

	private static List<Map<String, Object>> query(@Nullable Map<String, HttpMatch.QueryMatch> query) {
		return (query == null) ? List.of()
				: Tree.list(new TreeMap<>(query).entrySet()
					.stream()
					.map((parameter) -> text(parameter.getKey(), parameter.getValue().exact(),
							parameter.getValue().prefix(), parameter.getValue().regex()))
					.toList());
	}

	private static Tree text(String name, @Nullable String exact, @Nullable String prefix, @Nullable String regex) {
		Tree written = Tree.of("name", name);
		if (exact != null) {
			return written.with("type", "Exact").with("value", exact);
		}
		String expression = (prefix != null) ? Pattern.quote(prefix) + ".*" : (regex != null) ? regex : ".*";
		return written.with("type", "RegularExpression").with("value", whole(expression));
	}

	private static String whole(String expression) {
		return "^(?:" + expression + ")$";
	}

}
