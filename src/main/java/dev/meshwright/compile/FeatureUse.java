package dev.meshwright.compile;

import java.util.List;
import java.util.function.BiConsumer;

import dev.meshwright.model.StringMatch;
import dev.meshwright.model.routing.Destination;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.Rewrite;
import org.jspecify.annotations.Nullable;

/** The features that an HTTP rule asks for, each with the field that asks. */
final class FeatureUse {

	private final BiConsumer<Feature, At> ask;

	FeatureUse(BiConsumer<Feature, At> ask) {
		this.ask = ask;
	}

	void rule(HttpRule rule, At at) {
		at.each("match", rule.match(), this::match);
		split(rule.split(), at);
		ask(rule.redirect(), Feature.REDIRECT, at.at("redirect"));
		ask(rule.directResponse(), Feature.DIRECT_RESPONSE, at.at("directResponse"));
		at.given("rewrite", rule.rewrite(), this::rewrite);
		if (rule.timeout() != null && !rule.timeout().isZero()) {
			this.ask.accept(Feature.TIMEOUT, at.at("timeout"));
		}
		if (rule.retries() != null && rule.retries().attempts() > 0) {
			this.ask.accept(Feature.RETRIES, at.at("retries"));
		}
		if (rule.mirror() != null && !rule.mirror().isEmpty()) {
			this.ask.accept(Feature.MIRROR, at.at("mirror"));
		}
		ask(rule.fault(), Feature.FAULT, at.at("fault"));
		ask(rule.cors(), Feature.CORS, at.at("cors"));
		ask(rule.headers(), Feature.HEADER_OPERATIONS, at.at("headers"));
	}

	void split(@Nullable List<Destination> split, At at) {
		if (split != null && split.size() > 1) {
			this.ask.accept(Feature.WEIGHTED_SPLIT, at.at("split"));
		}
		at.each("split", split,
				(destination, place) -> ask(destination.headers(), Feature.HEADER_OPERATIONS, place.at("headers")));
	}

	private void rewrite(Rewrite rewrite, At at) {
		if (rewrite.uri() != null || rewrite.authority() != null) {
			this.ask.accept(Feature.REWRITE, at);
		}
		ask(rewrite.uriRegexRewrite(), Feature.REGEX_REWRITE, at.at("uriRegexRewrite"));
	}

	private void match(HttpMatch match, At at) {
		at.given("path", match.path(), this::regex);
		at.given("host", match.host(), this::regex);
		at.entries("headers", match.headers(), (_, header, place) -> {
			this.ask.accept(Feature.MATCH_HEADERS, place);
			ask(header.regex(), Feature.MATCH_REGEX, place.at("regex"));
		});
		at.entries("query", match.query(), (_, query, place) -> {
			this.ask.accept(Feature.MATCH_QUERY, place);
			ask(query.regex(), Feature.MATCH_REGEX, place.at("regex"));
		});
		ask(match.method(), Feature.MATCH_METHOD, at.at("method"));
		ask(match.withoutHeaders(), Feature.MATCH_EXTENDED, at.at("withoutHeaders"));
		ask(match.host(), Feature.MATCH_EXTENDED, at.at("host"));
		ask(match.scheme(), Feature.MATCH_EXTENDED, at.at("scheme"));
		if (Boolean.TRUE.equals(match.ignoreCase())) {
			this.ask.accept(Feature.MATCH_EXTENDED, at.at("ignoreCase"));
		}
		ask(match.grpc(), Feature.GRPC_MATCH, at.at("grpc"));
		ask(match.claims(), Feature.MATCH_CLAIMS, at.at("claims"));
		ask(match.source(), Feature.MATCH_SOURCE, at.at("source"));
	}

	private void regex(StringMatch match, At at) {
		ask(match.regex(), Feature.MATCH_REGEX, at.at("regex"));
	}

	private void ask(@Nullable Object field, Feature feature, At at) {
		if (field != null) {
			this.ask.accept(feature, at);
		}
	}

}
