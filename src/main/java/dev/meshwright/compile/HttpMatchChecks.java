package dev.meshwright.compile;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.StringMatch;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpMatch.Grpc;
import dev.meshwright.model.routing.HttpMatch.HeaderMatch;
import dev.meshwright.model.routing.HttpRule.AppliesTo;
import org.jspecify.annotations.Nullable;

/** What an HTTP rule matches. */
final class HttpMatchChecks {

	private static final Pattern METHOD = Pattern.compile("[A-Z]{1,32}");

	private static final Pattern GRPC_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

	private static final int LONGEST_HOST_REGEX = 1000;

	private final ServiceSubject subject;

	HttpMatchChecks(ServiceSubject subject) {
		this.subject = subject;
	}

	void check(HttpMatch match, @Nullable AppliesTo appliesTo, At at) {
		at.given("path", match.path(), HttpMatchChecks::path);
		at.given("method", match.method(), HttpMatchChecks::method);
		at.given("host", match.host(), HttpMatchChecks::host);
		ConnectionRuleChecks.port(match.port(), this.subject, Layer.HTTP, at);
		at.given("scheme", match.scheme(), HttpMatchChecks::scheme);
		headers(match.headers(), at.at("headers"));
		headers(match.withoutHeaders(), at.at("withoutHeaders"));
		at.entries("query", match.query(), (_, query, place) -> {
			Values.exactlyOne(place, "exact, prefix and regex", query.exact(), query.prefix(), query.regex());
			parts(query.prefix(), query.regex(), place);
		});
		at.given("grpc", match.grpc(), (grpc, place) -> grpc(grpc, match, place));
		claims(match, appliesTo, at);
		at.given("source", match.source(), (source, place) -> {
			new SourceResolver(this.subject).resolve(source, place);
			ConnectionRuleChecks.sourceInMesh(appliesTo, place);
		});
	}

	private static void path(StringMatch path, At at) {
		text(path, at);
		at.given("exact", path.exact(), HttpMatchChecks::literal);
		at.given("prefix", path.prefix(), HttpMatchChecks::literal);
	}

	private static void literal(String path, At at) {
		if (!path.startsWith("/") || path.contains("?") || path.contains("#")) {
			at.report(DiagnosticCode.INVALID_PATH, "'" + path + "' is no path",
					"a path that starts with / and has no query");
		}
	}

	/** Exactly one way to match, with a sound expression. */
	static void text(StringMatch match, At at) {
		Values.exactlyOne(at, "exact, prefix and regex", match.exact(), match.prefix(), match.regex());
		parts(match.prefix(), match.regex(), at);
	}

	private static void parts(@Nullable String prefix, @Nullable String regex, At at) {
		at.given("prefix", prefix, HttpMatchChecks::filled);
		at.given("regex", regex, (expression, place) -> {
			filled(expression, place);
			Values.regex(expression, place);
		});
	}

	/** An empty beginning or expression is none, and the mesh refuses it. */
	static void filled(String text, At at) {
		if (text.isEmpty()) {
			at.report(DiagnosticCode.INVALID_VALUE, "the text is empty", "a text of at least one character");
		}
	}

	private static void host(StringMatch host, At at) {
		text(host, at);
		at.given("exact", host.exact(), HttpMatchChecks::filled);
		if (host.regex() != null && host.regex().length() > LONGEST_HOST_REGEX) {
			at.at("regex")
				.report(DiagnosticCode.INVALID_REGEX, "the expression has " + host.regex().length()
						+ " characters; of a host, to which a port is added, at most " + LONGEST_HOST_REGEX);
		}
	}

	static void method(String method, At at) {
		if (!METHOD.matcher(method).matches()) {
			at.report(DiagnosticCode.INVALID_VALUE, "'" + method + "' is no method", "a method such as GET");
		}
	}

	static void scheme(String scheme, At at) {
		if (!Set.of("http", "https").contains(scheme)) {
			at.report(DiagnosticCode.INVALID_VALUE, "'" + scheme + "' is no scheme", "http or https");
		}
	}

	private static void headers(@Nullable Map<String, HeaderMatch> headers, At at) {
		HeaderChecks.names(headers, at);
		Given.map(headers).forEach((name, match) -> {
			At place = at.at(name);
			Boolean present = Boolean.TRUE.equals(match.present()) ? Boolean.TRUE : null;
			Values.exactlyOne(place, "exact, prefix, regex and present: true", match.exact(), match.prefix(),
					match.regex(), present);
			parts(match.prefix(), match.regex(), place);
		});
	}

	private static void grpc(Grpc grpc, HttpMatch match, At at) {
		if (match.path() != null || match.method() != null) {
			at.report(DiagnosticCode.EXCLUSIVE_FIELDS, "grpc is given with path or method",
					"either grpc, or path and method");
		}
		at.given("service", grpc.service(), HttpMatchChecks::grpcName);
		at.given("method", grpc.method(), HttpMatchChecks::grpcName);
	}

	private static void grpcName(String name, At at) {
		if (!GRPC_NAME.matcher(name).matches()) {
			at.report(DiagnosticCode.INVALID_NAME, "'" + name + "' is no gRPC name",
					"letters, digits, _ and ., such as hipstershop.CartService");
		}
	}

	private static void claims(HttpMatch match, @Nullable AppliesTo appliesTo, At at) {
		at.given("claims", match.claims(), (claims, place) -> {
			place.report(DiagnosticCode.CLAIMS_NEED_AUTHENTICATION,
					"the rule matches claims " + new TreeSet<>(claims.keySet()));
			if (appliesTo == AppliesTo.MESH) {
				place.report(DiagnosticCode.CLAIMS_ONLY_AT_GATEWAY, "claims are given with appliesTo: mesh");
			}
			if (match.source() != null) {
				place.report(DiagnosticCode.EXCLUSIVE_FIELDS,
						"claims hold only at the gateway and source only in the mesh", "either claims or source");
			}
			claims.forEach((name, claim) -> text(claim, place.at(name)));
		});
	}

}
