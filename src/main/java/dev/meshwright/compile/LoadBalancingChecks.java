package dev.meshwright.compile;

import java.math.BigInteger;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.routing.LoadBalancing;
import dev.meshwright.model.routing.LoadBalancing.ConsistentHash;
import dev.meshwright.model.routing.LoadBalancing.Simple;
import dev.meshwright.model.routing.LoadBalancing.Warmup;

/** How one of the endpoints is chosen. */
final class LoadBalancingChecks {

	private static final long LARGEST_TABLE = 5_000_011;

	private static final long LARGEST_RING = 8_388_608;

	private LoadBalancingChecks() {
	}

	static void check(LoadBalancing balancing, At at) {
		Values.atLeastOne(at, "simple, consistentHash and warmup", balancing.simple(), balancing.consistentHash(),
				balancing.warmup());
		if (Given.count(balancing.simple(), balancing.consistentHash()) == 2) {
			at.report(DiagnosticCode.EXCLUSIVE_FIELDS, "simple and consistentHash are given",
					"exactly one of simple and consistentHash");
		}
		at.given("consistentHash", balancing.consistentHash(), LoadBalancingChecks::hash);
		at.given("warmup", balancing.warmup(), (warmup, place) -> {
			warmup(warmup, place);
			if (balancing.consistentHash() != null || balancing.simple() == Simple.RANDOM
					|| balancing.simple() == Simple.PASSTHROUGH) {
				place.report(DiagnosticCode.WARMUP_NOT_SUPPORTED, "warmup is given with "
						+ ((balancing.simple() != null) ? balancing.simple() : "consistentHash"));
			}
		});
	}

	private static void hash(ConsistentHash hash, At at) {
		Boolean sourceIp = Boolean.TRUE.equals(hash.useSourceIp()) ? Boolean.TRUE : null;
		Values.exactlyOne(at, "httpHeaderName, httpCookie, useSourceIp: true and httpQueryParameterName",
				hash.httpHeaderName(), hash.httpCookie(), sourceIp, hash.httpQueryParameterName());
		at.given("httpHeaderName", hash.httpHeaderName(), HeaderChecks::name);
		at.given("httpQueryParameterName", hash.httpQueryParameterName(), LoadBalancingChecks::filled);
		at.given("httpCookie", hash.httpCookie(), (cookie, place) -> {
			HeaderChecks.name(cookie.name(), place.at("name"));
			Values.durationOrZero(cookie.ttl(), place.at("ttl"));
		});
		if (Given.count(hash.ringHash(), hash.maglev()) == 2) {
			at.report(DiagnosticCode.EXCLUSIVE_FIELDS, "ringHash and maglev are given",
					"at most one of ringHash and maglev");
		}
		at.given("ringHash", hash.ringHash(),
				(ring, place) -> Values.range(ring.minimumRingSize(), 1, LARGEST_RING, place.at("minimumRingSize")));
		at.given("maglev", hash.maglev(),
				(maglev, place) -> place.given("tableSize", maglev.tableSize(), LoadBalancingChecks::prime));
	}

	private static void prime(Long size, At at) {
		if (size < 2 || size > LARGEST_TABLE || !BigInteger.valueOf(size).isProbablePrime(50)) {
			at.report(DiagnosticCode.MAGLEV_TABLE_NOT_PRIME, size + " is no prime of at most " + LARGEST_TABLE);
		}
	}

	private static void filled(String text, At at) {
		if (text.isEmpty()) {
			at.report(DiagnosticCode.REQUIRED_FIELD, "the name is empty", "a name");
		}
	}

	private static void warmup(Warmup warmup, At at) {
		Values.duration(warmup.duration(), at.at("duration"));
		Values.percentage(warmup.minimumPercent(), at.at("minimumPercent"));
		if (warmup.aggression() != null && !(warmup.aggression() >= 1)) {
			at.at("aggression")
				.report(DiagnosticCode.OUT_OF_RANGE, warmup.aggression() + " is below 1", "a number of at least 1");
		}
	}

}
