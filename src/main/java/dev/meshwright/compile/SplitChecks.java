package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.routing.Destination;
import dev.meshwright.model.service.ServiceSpec.Port;
import org.jspecify.annotations.Nullable;

/** Weighted splits of any layer. */
final class SplitChecks {

	private static final int HEAVIEST = 1_000_000;

	private SplitChecks() {
	}

	static void check(@Nullable List<Destination> split, ServiceSubject subject, Layer layer, List<Port> called,
			At rule) {
		if (split == null) {
			return;
		}
		At at = rule.at("split");
		if (split.isEmpty()) {
			at.report(DiagnosticCode.REQUIRED_FIELD, "the split is empty", "at least one destination, or no split");
		}
		weights(split, at);
		DestinationResolver resolver = new DestinationResolver(subject);
		Set<List<Object>> seen = new HashSet<>();
		rule.each("split", split, (destination, place) -> {
			resolver.resolve(wanted(destination), layer, called, place)
				.filter((target) -> !seen.add(List.of(target.ref(), target.version(), target.port())))
				.ifPresent((target) -> place.report(DiagnosticCode.DUPLICATE_DESTINATION,
						target.ref() + " is named twice"));
			place.given("headers", destination.headers(), (headers, field) -> {
				HeaderChecks.operations(headers, field);
				if (layer != Layer.HTTP) {
					field.report(DiagnosticCode.CONFLICTING_ACTIONS, "connections have no headers",
							"an HTTP rule and headers");
				}
			});
		});
	}

	static DestinationResolver.Wanted wanted(Destination destination) {
		return new DestinationResolver.Wanted(destination.service(), destination.version(), destination.port(),
				Use.ROUTE);
	}

	/** The share of each destination: equal when none are given. */
	static int weight(Destination destination) {
		return Given.or(destination.weight(), 1);
	}

	private static void weights(List<Destination> split, At at) {
		List<Integer> given = split.stream().map(Destination::weight).filter(Objects::nonNull).toList();
		boolean partly = !given.isEmpty() && given.size() < split.size();
		boolean outside = given.stream().anyMatch((weight) -> weight < 0 || weight > HEAVIEST);
		boolean nothing = !given.isEmpty() && given.stream().allMatch((weight) -> weight == 0);
		if (partly || outside || nothing) {
			at.report(DiagnosticCode.INVALID_WEIGHTS,
					"the weights are " + split.stream()
						.map(Destination::weight)
						.map((weight) -> (weight != null) ? weight.toString() : "absent")
						.toList());
		}
	}

}
