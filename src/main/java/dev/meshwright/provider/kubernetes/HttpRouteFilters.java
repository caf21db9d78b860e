package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.meshwright.compile.RouteModel;
import dev.meshwright.model.HeaderOperations;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.provider.kubernetes.PathMatch.Type;
import org.jspecify.annotations.Nullable;

/** The filters of an HTTPRoute's rule. */
final class HttpRouteFilters {

	private final Backends backends;

	HttpRouteFilters(Backends backends) {
		this.backends = backends;
	}

	/**
	 * The filters of a rule.
	 * @param rule the rule
	 * @param path the path it matches, when it is rewritten
	 */
	List<Tree> of(GatewayRule rule, PathMatch path) {
		List<Tree> filters = new ArrayList<>();
		HttpRule declared = rule.declared();
		if (declared.headers() != null) {
			filters.addAll(headers(declared.headers()));
		}
		if (declared.redirect() != null) {
			filters.add(filter("RequestRedirect", "requestRedirect", redirect(declared.redirect())));
		}
		if (declared.rewrite() != null) {
			filters.add(filter("URLRewrite", "urlRewrite", rewrite(declared.rewrite(), path)));
		}
		rule.mirrors().forEach((mirror) -> filters.add(filter("RequestMirror", "requestMirror", mirror(mirror))));
		return filters;
	}

	/** The filters for changes to headers; none where nothing is changed. */
	static List<Tree> headers(HeaderOperations operations) {
		List<Tree> filters = new ArrayList<>();
		if (operations.request() != null) {
			filters.add(filter("RequestHeaderModifier", "requestHeaderModifier", changes(operations.request())));
		}
		if (operations.response() != null) {
			filters.add(filter("ResponseHeaderModifier", "responseHeaderModifier", changes(operations.response())));
		}
		return filters;
	}

	private static Tree filter(String type, String field, Tree content) {
		return Tree.of("type", type).with(field, content);
	}

	private static Tree changes(HeaderOperations.Changes changes) {
		return Tree.of("set", values(changes.set()))
			.with("add", values(changes.add()))
			.with("remove", changes.remove());
	}

	private static List<Map<String, Object>> values(@Nullable Map<String, String> headers) {
		return (headers == null) ? List.of()
				: Tree.list(new TreeMap<>(headers).entrySet()
					.stream()
					.map((header) -> Tree.of("name", header.getKey()).always("value", header.getValue()))
					.toList());
	}

	private static Tree redirect(HttpRule.Redirect redirect) {
		Tree written = Tree.of("scheme", redirect.scheme()).with("hostname", redirect.authority());
		if (redirect.uri() != null) {
			written.with("path", replaceFullPath(redirect.uri()));
		}
		if (redirect.prefixRewrite() != null) {
			written.with("path", replacePrefix(redirect.prefixRewrite()));
		}
		return written.with("port", redirect.port())
			.with("statusCode", (redirect.redirectCode() != null) ? redirect.redirectCode() : 302);
	}

	private static Tree rewrite(HttpRule.Rewrite rewrite, PathMatch path) {
		Tree written = Tree.of("hostname", rewrite.authority());
		if (rewrite.uri() != null) {
			written.with("path",
					(path.type() == Type.PREFIX) ? replacePrefix(rewrite.uri()) : replaceFullPath(rewrite.uri()));
		}
		return written;
	}

	private static Tree replaceFullPath(String path) {
		return Tree.of("type", "ReplaceFullPath").with("replaceFullPath", path);
	}

	private static Tree replacePrefix(String prefix) {
		return Tree.of("type", "ReplacePrefixMatch").with("replacePrefixMatch", prefix);
	}

	private Tree mirror(RouteModel.Mirror mirror) {
		Tree written = Tree.of("backendRef", this.backends.of(mirror.target()));
		double percentage = mirror.percentage();
		if (percentage == 100) {
			return written;
		}
		if (percentage == Math.rint(percentage)) {
			return written.with("percent", (int) percentage);
		}
		Tree fraction = Tree.of("numerator", (int) Math.round(percentage * 10_000)).with("denominator", 1_000_000);
		return written.with("fraction", fraction);
	}

}
