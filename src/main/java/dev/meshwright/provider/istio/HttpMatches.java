package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

import dev.meshwright.compile.RouteModel;
import dev.meshwright.model.StringMatch;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpMatch.HeaderMatch;
import org.jspecify.annotations.Nullable;

/** The alternatives of an HTTP rule. */
final class HttpMatches {

	private HttpMatches() {
	}

	/**
	 * An alternative.
	 *
	 * @param match Istio's HTTPMatchRequest; empty means every request
	 * @param form what it matches of the path
	 */
	record Alternative(Map<String, Object> match, PathForm form) {
	}

	/**
	 * The alternatives of a rule that can hold on a side, in declared order; empty when
	 * the rule never holds there.
	 */
	static List<Alternative> of(RouteModel.Http rule, Side side) {
		if (rule.match().isEmpty()) {
			return List.of(new Alternative(Map.of(), PathForm.BELOW));
		}
		return rule.match().stream().filter(side::canMatch).flatMap((match) -> of(match, side).stream()).toList();
	}

	private static List<Alternative> of(RouteModel.Match match, Side side) {
		List<Optional<RouteModel.Source>> sources = match.sources().isEmpty() ? List.of(Optional.empty())
				: match.sources().stream().map(Optional::of).toList();
		List<Alternative> alternatives = new ArrayList<>();
		for (Path path : paths(match.declared())) {
			for (Optional<RouteModel.Source> source : sources) {
				alternatives.add(new Alternative(request(match, path, source, side), path.form()));
			}
		}
		return alternatives;
	}

	private static Map<String, Object> request(RouteModel.Match match, Path path, Optional<RouteModel.Source> source,
			Side side) {
		HttpMatch declared = match.declared();
		boolean ignoreCase = Boolean.TRUE.equals(declared.ignoreCase()) && path.uri() != null
				&& path.uri().regex() == null;
		return Tree.of("uri", Values.match(path.uri()))
			.with("ignoreUriCase", ignoreCase ? true : null)
			.with("scheme", exact(declared.scheme()))
			.with("method", exact(declared.method()))
			.with("authority", authority(declared.host()))
			.with("headers", headers(declared))
			.with("withoutHeaders", byName(declared.withoutHeaders(), HttpMatches::header, true))
			.with("queryParams",
					byName(declared.query(), (query) -> Values.match(query.exact(), query.prefix(), query.regex()),
							false))
			.with("port", side.portMatch(match.port()).orElse(null))
			.with("sourceLabels", source.map((caller) -> Values.sorted(caller.labels())).orElse(null))
			.with("sourceNamespace", source.flatMap(RouteModel.Source::namespace).orElse(null))
			.map();
	}

	/**
	 * A host is meant without its port and without regard to case, while the proxy
	 * compares what was sent: callers add every port but 80 and 443.
	 */
	private static @Nullable Map<String, Object> authority(@Nullable StringMatch host) {
		if (host == null || (host.exact() != null && host.exact().contains(":"))) {
			return Values.match(host);
		}
		if (host.prefix() != null) {
			return Values.match(null, null, "(?i)" + Values.literal(host.prefix()) + ".*");
		}
		String expression = (host.exact() != null) ? Values.literal(host.exact()) : "(?:" + host.regex() + ")";
		return Values.match(null, null, "(?i)" + expression + "(?::[0-9]+)?");
	}

	private static @Nullable Map<String, Object> exact(@Nullable String text) {
		return (text == null) ? null : Values.match(StringMatch.exact(text));
	}

	/** Headers, then claims, which Istio matches as headers of a reserved name. */
	private static Map<String, Object> headers(HttpMatch declared) {
		Map<String, Object> headers = byName(declared.headers(), HttpMatches::header, true);
		byName(declared.claims(), Values::match, false)
			.forEach((claim, match) -> headers.put("@request.auth.claims." + claim, match));
		return headers;
	}

	/** An empty StringMatch is how Istio says that the header is there. */
	private static Map<String, Object> header(HeaderMatch header) {
		return Values.match(header.exact(), header.prefix(), header.regex());
	}

	private static <T> Map<String, Object> byName(@Nullable Map<String, T> declared,
			Function<T, @Nullable Map<String, Object>> render, boolean lowerCase) {
		Map<String, Object> matches = new TreeMap<>();
		if (declared != null) {
			declared.forEach((name, match) -> matches.put(lowerCase ? name.toLowerCase(Locale.ROOT) : name,
					render.apply(match)));
		}
		return matches;
	}

	private static List<Path> paths(HttpMatch declared) {
		if (declared.grpc() != null) {
			return List.of(grpc(declared.grpc()));
		}
		StringMatch path = declared.path();
		if (path == null) {
			return List.of(new Path(null, PathForm.BELOW));
		}
		return (path.prefix() == null) ? List.of(new Path(path, PathForm.WHOLE)) : bySegment(path.prefix());
	}

	private static List<Path> bySegment(String prefix) {
		String segment = PathForm.trimmed(prefix);
		return segment.equals("/") ? List.of(new Path(StringMatch.prefix("/"), PathForm.BELOW))
				: List.of(new Path(StringMatch.exact(segment), PathForm.SEGMENT),
						new Path(StringMatch.prefix(segment + "/"), PathForm.BELOW));
	}

	/** gRPC calls are requests to {@code /package.Service/Method}. */
	private static Path grpc(HttpMatch.Grpc grpc) {
		return (grpc.method() == null) ? new Path(StringMatch.prefix("/" + grpc.service() + "/"), PathForm.BELOW)
				: new Path(StringMatch.exact("/" + grpc.service() + "/" + grpc.method()), PathForm.WHOLE);
	}

	/**
	 * A path as Istio matches it.
	 *
	 * @param uri the StringMatch, by string; null means any
	 * @param form what it matches of the path
	 */
	private record Path(@Nullable StringMatch uri, PathForm form) {
	}

}
