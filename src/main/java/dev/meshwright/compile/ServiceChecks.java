package dev.meshwright.compile;

import java.util.Set;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.model.service.ServiceSpec.DisruptionBudget;
import dev.meshwright.model.service.ServiceSpec.Version;
import dev.meshwright.model.service.Workload;

/** The service itself: its name, its namespace, its account, its disruption budget. */
final class ServiceChecks implements Check {

	private static final Pattern PERCENTAGE = Pattern.compile("(100|[1-9]?[0-9])%");

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		ServiceSpec spec = subject.spec();
		At at = findings.spec(subject.service().id());
		Names.rfc1035(subject.ref().name(), findings.name(subject.service().id()));
		if (subject.namespace().isEmpty()) {
			new At(findings, subject.service().id(), "/metadata/namespace").report(DiagnosticCode.NAMESPACE_NOT_FOUND,
					"Namespace " + subject.ref().namespace() + " is not declared", subject.ref().namespace());
		}
		at.given("serviceAccount", spec.serviceAccount(), Names::object);
		at.given("disruptionBudget", spec.disruptionBudget(), (budget, place) -> budget(budget, subject, place));
		GrantChecks.check(spec.grants(), at);
		if (spec.external() != null) {
			onlyPorts(spec, at);
		}
		else if (subject.versions().isEmpty()) {
			at.at("versions")
				.report(DiagnosticCode.REQUIRED_FIELD, "the service has neither versions nor external hosts",
						"at least one version, or external");
		}
	}

	private static void onlyPorts(ServiceSpec spec, At at) {
		if (Given.count(spec.versions(), spec.serviceAccount(), spec.disruptionBudget(), spec.exposure()) > 0) {
			at.at("external")
				.report(DiagnosticCode.EXCLUSIVE_FIELDS,
						"an external service has no versions, serviceAccount, disruptionBudget or exposure",
						"either external or these");
		}
	}

	private static void budget(DisruptionBudget budget, ServiceSubject subject, At at) {
		Values.exactlyOne(at, "minAvailable and maxUnavailable", budget.minAvailable(), budget.maxUnavailable());
		at.given("minAvailable", budget.minAvailable(), ServiceChecks::amount);
		at.given("maxUnavailable", budget.maxUnavailable(), ServiceChecks::amount);
		subject.versions()
			.stream()
			.filter((version) -> version.workload() != null && blocks(budget, version.workload()))
			.map(Version::name)
			.forEach((name) -> at.report(DiagnosticCode.DISRUPTION_BUDGET_BLOCKS,
					"no pod of version " + name + " may ever go"));
	}

	private static void amount(IntOrString amount, At at) {
		if (amount.numeric() ? amount.text().startsWith("-") : !PERCENTAGE.matcher(amount.text()).matches()) {
			at.report(DiagnosticCode.OUT_OF_RANGE, "'" + amount + "' is no amount of pods",
					"a number of at least 0, or a percentage such as 50%");
		}
	}

	private static boolean blocks(DisruptionBudget budget, Workload workload) {
		int most = (workload.autoscaling() != null) ? workload.autoscaling().maxReplicas()
				: Given.or(workload.replicas(), 1);
		if (budget.maxUnavailable() != null && Set.of("0", "0%").contains(budget.maxUnavailable().text())) {
			return most > 0;
		}
		IntOrString stay = budget.minAvailable();
		if (stay == null || most == 0) {
			return false;
		}
		return stay.numeric() ? Long.parseLong(stay.text()) >= most : stay.text().equals("100%");
	}

}
