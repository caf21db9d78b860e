package dev.meshwright.compile;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.AppliesTo;
import dev.meshwright.model.routing.HttpRule.Redirect;
import dev.meshwright.model.routing.HttpRule.Rewrite;
import dev.meshwright.model.service.ServiceSpec.Port;
import org.jspecify.annotations.Nullable;

/** An HTTP or gRPC rule: what it does with the requests that match. */
final class HttpRuleChecks {

	private static final Set<Integer> REDIRECT_CODES = Set.of(301, 302, 303, 307, 308);

	private static final int LONGEST_BODY = 4096;

	private final ServiceSubject subject;

	private final HttpMatchChecks matches;

	HttpRuleChecks(ServiceSubject subject) {
		this.subject = subject;
		this.matches = new HttpMatchChecks(subject);
	}

	void check(HttpRule rule, At at) {
		List<Port> called = ConnectionRuleChecks.called(this.subject, Layer.HTTP,
				Given.list(rule.match()).stream().map(HttpMatch::port));
		at.each("match", rule.match(), (match, place) -> this.matches.check(match, rule.appliesTo(), place));
		if (rule.match() != null && rule.match().isEmpty()) {
			at.at("match")
				.report(DiagnosticCode.REQUIRED_FIELD, "no alternative is given, so nothing would match",
						"at least one alternative, or no match");
		}
		actions(rule, at);
		if (!Layer.HTTP.of(this.subject.ports()).isEmpty()) {
			SplitChecks.check(rule.split(), this.subject, Layer.HTTP, called, at);
			mirrors(rule, called, at);
		}
		at.given("redirect", rule.redirect(), (redirect, place) -> redirect(redirect, rule, place));
		at.given("directResponse", rule.directResponse(), (response, place) -> {
			Values.range(response.status(), 200, 599, place.at("status"));
			if (response.body() != null && response.body().getBytes(StandardCharsets.UTF_8).length > LONGEST_BODY) {
				place.at("body")
					.report(DiagnosticCode.OUT_OF_RANGE, "the body is too long", "a body of at most 4,096 bytes");
			}
		});
		at.given("rewrite", rule.rewrite(), (rewrite, place) -> rewrite(rewrite, rule, place));
		HttpResilienceChecks.check(rule, at);
		at.given("headers", rule.headers(), HeaderChecks::operations);
		if (rule.appliesTo() == AppliesTo.GATEWAY && this.subject.spec().exposure() == null) {
			at.at("appliesTo").report(DiagnosticCode.RULE_WITHOUT_EXPOSURE, this.subject.ref() + " is not exposed");
		}
	}

	private static void actions(HttpRule rule, At at) {
		if (Given.count(rule.split(), rule.redirect(), rule.directResponse()) > 1) {
			conflict("split, redirect and directResponse", at);
		}
		conflict(rule.fault(), "fault", rule, at);
		conflict(rule.rewrite(), "rewrite", rule, at);
		conflict(rule.mirror(), "mirror", rule, at);
		conflict(rule.timeout(), "timeout", rule, at);
		conflict(rule.retries(), "retries", rule, at);
	}

	private static void conflict(@Nullable Object extra, String name, HttpRule rule, At at) {
		if (extra != null && rule.redirect() != null) {
			conflict(name + " and redirect", at.at(name));
		}
		if (extra != null && rule.directResponse() != null) {
			conflict(name + " and directResponse", at.at(name));
		}
	}

	private static void conflict(String fields, At at) {
		at.report(DiagnosticCode.CONFLICTING_ACTIONS, fields + " exclude each other", fields);
	}

	private void mirrors(HttpRule rule, List<Port> called, At at) {
		DestinationResolver resolver = new DestinationResolver(this.subject);
		at.each("mirror", rule.mirror(), (mirror, place) -> {
			resolver.resolve(wanted(mirror), Layer.HTTP, called, place);
			Values.percentage(mirror.percentage(), place.at("percentage"));
		});
	}

	static DestinationResolver.Wanted wanted(HttpRule.Mirror mirror) {
		return new DestinationResolver.Wanted(mirror.service(), mirror.version(), mirror.port(), Use.MIRROR);
	}

	private static void redirect(Redirect redirect, HttpRule rule, At at) {
		Values.atLeastOne(at, "uri, prefixRewrite, authority, port and scheme", redirect.uri(),
				redirect.prefixRewrite(), redirect.authority(), redirect.port(), redirect.scheme());
		if (Given.count(redirect.uri(), redirect.prefixRewrite()) == 2) {
			at.report(DiagnosticCode.EXCLUSIVE_FIELDS, "uri and prefixRewrite are given",
					"at most one of uri and prefixRewrite");
		}
		at.given("uri", redirect.uri(), HttpRuleChecks::replacement);
		at.given("prefixRewrite", redirect.prefixRewrite(), (prefix, place) -> {
			replacement(prefix, place);
			needsPath(rule, "prefix", (match) -> match.path() != null && match.path().prefix() == null, place);
		});
		at.given("authority", redirect.authority(), HttpRuleChecks::authority);
		Values.port(redirect.port(), at.at("port"));
		at.given("scheme", redirect.scheme(), HttpMatchChecks::scheme);
		if (redirect.redirectCode() != null && !REDIRECT_CODES.contains(redirect.redirectCode())) {
			at.at("redirectCode")
				.report(DiagnosticCode.OUT_OF_RANGE, redirect.redirectCode() + " is no redirect",
						"301, 302, 303, 307 or 308");
		}
	}

	private static void rewrite(Rewrite rewrite, HttpRule rule, At at) {
		Values.atLeastOne(at, "uri, uriRegexRewrite and authority", rewrite.uri(), rewrite.uriRegexRewrite(),
				rewrite.authority());
		if (Given.count(rewrite.uri(), rewrite.uriRegexRewrite()) == 2) {
			at.report(DiagnosticCode.EXCLUSIVE_FIELDS, "uri and uriRegexRewrite are given",
					"at most one of uri and uriRegexRewrite");
		}
		at.given("uri", rewrite.uri(), (uri, place) -> {
			replacement(uri, place);
			needsPath(rule, "exact or prefix",
					(match) -> match.grpc() != null || match.path() != null && match.path().regex() != null, place);
		});
		at.given("uriRegexRewrite", rewrite.uriRegexRewrite(), (regex, place) -> {
			HttpMatchChecks.filled(regex.match(), place.at("match"));
			HttpMatchChecks.filled(regex.rewrite(), place.at("rewrite"));
			Values.regex(regex.match(), place.at("match"))
				.ifPresent((pattern) -> groups(regex.rewrite(), pattern.groupCount(), place.at("rewrite")));
		});
		at.given("authority", rewrite.authority(), HttpRuleChecks::authority);
	}

	private static void groups(String rewrite, int known, At at) {
		for (int index = rewrite.indexOf('\\'); index >= 0; index = rewrite.indexOf('\\', index + 2)) {
			char next = (index + 1 < rewrite.length()) ? rewrite.charAt(index + 1) : ' ';
			if (next != '\\' && (next < '0' || next > '9' || next - '0' > known)) {
				at.report(DiagnosticCode.INVALID_VALUE,
						"'" + rewrite + "' refers to a group that the expression does not have",
						"\\0 to \\" + known + ", and \\\\ for a backslash");
			}
		}
	}

	private static void replacement(String path, At at) {
		if (!path.startsWith("/") || path.contains("//") || path.contains("?") || path.contains("#")) {
			at.report(DiagnosticCode.INVALID_PATH, "'" + path + "' cannot replace a path",
					"a path that starts with / and has no //, ? or #");
		}
	}

	private static void authority(String authority, At at) {
		int colon = authority.lastIndexOf(':');
		String host = (colon < 0) ? authority : authority.substring(0, colon);
		boolean port = colon < 0 || authority.substring(colon + 1).matches("[1-9][0-9]{0,4}");
		if (!port || Hosts.isWildcard(host) || !(Hosts.isDns(host) || Hosts.isAddress(host))) {
			at.report(DiagnosticCode.INVALID_HOST, "'" + authority + "' is no host");
		}
	}

	private static void needsPath(HttpRule rule, String kind, Predicate<HttpMatch> lacks, At at) {
		if (Given.list(rule.match()).stream().anyMatch(lacks)) {
			at.report(DiagnosticCode.PREFIX_REWRITE_WITHOUT_PREFIX, "an alternative does not match path by " + kind,
					kind);
		}
	}

}
