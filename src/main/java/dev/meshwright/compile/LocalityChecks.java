package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.DnsNames;
import dev.meshwright.model.failover.Locality;
import dev.meshwright.model.failover.Locality.Distribute;
import dev.meshwright.model.failover.Locality.Failover;

/** Where requests go by locality; what Istio's webhook would refuse is refused here. */
final class LocalityChecks {

	private static final Pattern PART = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

	private LocalityChecks() {
	}

	static void check(Locality locality, At at) {
		if (Given.count(locality.failover(), locality.distribute(), locality.failoverPriority()) > 1) {
			at.report(DiagnosticCode.EXCLUSIVE_FIELDS,
					"more than one of failover, distribute and failoverPriority is given",
					"one of failover, distribute and failoverPriority");
		}
		if (Boolean.FALSE.equals(locality.enabled()) && locality.chooses()) {
			at.at("enabled")
				.report(DiagnosticCode.EXCLUSIVE_FIELDS, "locality is turned off and says where requests go",
						"enabled: true, or nothing beside enabled: false");
		}
		Set<String> regions = new HashSet<>();
		at.each("failover", locality.failover(), (failover, place) -> {
			failover(failover, place);
			if (!regions.add(failover.from())) {
				place.at("from").report(DiagnosticCode.DUPLICATE_NAME, "'" + failover.from() + "' fails over twice");
			}
		});
		at.each("distribute", locality.distribute(), LocalityChecks::distribute);
		overlaps(Given.list(locality.distribute()).stream().map(Distribute::from).toList(), at.at("distribute"));
		Set<String> labels = new HashSet<>();
		at.each("failoverPriority", locality.failoverPriority(), (label, place) -> {
			label(label, place);
			if (!labels.add(label)) {
				place.report(DiagnosticCode.DUPLICATE_NAME, "'" + label + "' is named twice");
			}
		});
	}

	private static void failover(Failover failover, At at) {
		region(failover.from(), at.at("from"));
		region(failover.to(), at.at("to"));
		if (failover.from().equals(failover.to())) {
			at.at("to")
				.report(DiagnosticCode.INVALID_LOCALITY, "'" + failover.from() + "' fails over to itself",
						"another region");
		}
	}

	static void region(String region, At at) {
		if (!PART.matcher(region).matches()) {
			at.report(DiagnosticCode.INVALID_LOCALITY, "'" + region + "' is no region",
					"a region such as eu-west, without zone and *");
		}
	}

	private static void distribute(Distribute distribute, At at) {
		locality(distribute.from(), at.at("from"));
		at.entries("to", distribute.to(), (locality, weight, place) -> {
			locality(locality, place);
			Values.range(weight, 1, 100, place);
		});
		long sum = distribute.to().values().stream().mapToLong(Integer::longValue).sum();
		if (sum != 100) {
			at.at("to").report(DiagnosticCode.INVALID_LOCALITY_WEIGHTS, "the shares are " + sum + " together");
		}
		overlaps(List.copyOf(new TreeSet<>(distribute.to().keySet())), at.at("to"));
	}

	/** Region, zone and subzone; only what comes last may be a wildcard. */
	private static void locality(String locality, At at) {
		String[] parts = locality.split("/", -1);
		boolean sound = parts.length <= 3;
		boolean any = false;
		for (String part : parts) {
			sound &= part.equals("*") || (!any && PART.matcher(part).matches());
			any |= part.equals("*");
		}
		if (!sound) {
			at.report(DiagnosticCode.INVALID_LOCALITY, "'" + locality + "' is no locality",
					"region, region/zone or region/zone/subzone, such as eu-west/zone-a; the last may be *");
		}
	}

	private static void overlaps(List<String> localities, At at) {
		for (int later = 1; later < localities.size(); later++) {
			for (int earlier = 0; earlier < later; earlier++) {
				if (overlap(localities.get(earlier), localities.get(later))) {
					at.report(DiagnosticCode.INVALID_LOCALITY,
							"'" + localities.get(earlier) + "' and '" + localities.get(later) + "' overlap",
							"localities that have nothing in common");
				}
			}
		}
	}

	private static boolean overlap(String one, String other) {
		String[] left = one.split("/", -1);
		String[] right = other.split("/", -1);
		for (int part = 0; part < Math.min(left.length, right.length); part++) {
			if (left[part].equals("*") || right[part].equals("*")) {
				return true;
			}
			if (!left[part].equals(right[part])) {
				return false;
			}
		}
		return true;
	}

	private static void label(String text, At at) {
		int equals = text.indexOf('=');
		boolean sound = DnsNames.isLabelKey((equals < 0) ? text : text.substring(0, equals))
				&& (equals < 0 || DnsNames.isLabelValue(text.substring(equals + 1)));
		if (!sound) {
			at.report(DiagnosticCode.INVALID_LABEL, "'" + text + "' is no label");
		}
	}

}
