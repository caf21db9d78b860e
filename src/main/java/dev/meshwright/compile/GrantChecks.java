package dev.meshwright.compile;

import java.util.List;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Grant;
import dev.meshwright.model.ServiceRef;
import org.jspecify.annotations.Nullable;

/** Grants of a service or namespace. */
final class GrantChecks {

	private GrantChecks() {
	}

	static void check(@Nullable List<Grant> grants, At spec) {
		spec.each("grants", grants, (grant, at) -> {
			Values.atLeastOne(at.at("to"), "namespaces and services", grant.to().namespaces(), grant.to().services());
			at.at("to").each("namespaces", grant.to().namespaces(), Names::rfc1123);
			at.at("to").each("services", grant.to().services(), (text, place) -> {
				if (!text.contains("/") || !Declarations.isReference(ServiceRef.parse(text, "-"))) {
					place.report(DiagnosticCode.INVALID_REFERENCE, "'" + text + "' is not namespace/name");
				}
			});
			if (grant.as().isEmpty()) {
				at.at("as").report(DiagnosticCode.REQUIRED_FIELD, "nothing is granted", "at least one use");
			}
		});
	}

}
