package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.AccessRule.Source;
import dev.meshwright.model.security.JwtIssuer;

/**
 * Whether those who may call a service may call its backup, too: once requests go there,
 * its policy decides.
 */
final class BackupAccess {

	private final Admission first;

	private final Admission backup;

	private BackupAccess(Admission first, Admission backup) {
		this.first = first;
		this.backup = backup;
	}

	/**
	 * Warns of what the backup refuses although the service lets it in.
	 * @param service the backup as declared
	 * @param at its place
	 */
	static void check(String service, ServiceSubject subject, At at) {
		ServiceRef ref = ServiceRef.parse(service, subject.ref().namespace());
		subject.declarations()
			.usable(ref, subject.ref(), Use.BACKUP)
			.filter((found) -> found.spec().external() == null && !ref.equals(subject.ref()))
			.map((found) -> ServiceSubject.of(found, subject.declarations()))
			.ifPresent((found) -> {
				List<String> stricter = new BackupAccess(Admission.of(subject), Admission.of(found)).stricter(subject);
				if (!stricter.isEmpty()) {
					at.report(DiagnosticCode.BACKUP_STRICTER,
							ref + " refuses what " + subject.ref() + " lets in: " + String.join("; ", stricter), ref);
				}
			});
	}

	private List<String> stricter(ServiceSubject subject) {
		List<String> refused = new ArrayList<>();
		List<String> narrowed = new ArrayList<>();
		for (KnownCaller caller : callers(subject)) {
			if (this.first.refusal(caller).isEmpty()) {
				if (this.backup.refusal(caller).isPresent()) {
					refused.add(caller.text());
				}
				else if (isNarrower(caller)) {
					narrowed.add(caller.text());
				}
			}
		}
		List<String> stricter = new ArrayList<>();
		if (!refused.isEmpty()) {
			stricter.add("every call of " + String.join(", ", refused));
		}
		if (!narrowed.isEmpty()) {
			stricter.add("some calls of " + String.join(", ", narrowed));
		}
		if (!this.first.isDeniedByDefault() && this.backup.isDeniedByDefault()) {
			stricter.add("callers that no allow rule names");
		}
		Set<String> tokens = required(this.backup);
		tokens.removeAll(required(this.first));
		if (!tokens.isEmpty()) {
			stricter.add("requests without a token of " + String.join(", ", tokens));
		}
		return stricter;
	}

	/** Who is known to call: who says so, and whom rules name. */
	private Set<KnownCaller> callers(ServiceSubject subject) {
		Set<KnownCaller> callers = new LinkedHashSet<>(
				KnownCaller.dependents(subject.service(), subject.declarations()).values());
		callers.addAll(KnownCaller.gateways(subject.spec()));
		for (Said<AccessRule> rule : this.first.merged().enforced().allow()) {
			for (Source source : Given.list(rule.value().from())) {
				Given.list(source.services())
					.stream()
					.map((text) -> ServiceRef.parse(text, rule.resource().namespace()))
					.filter((ref) -> callers.stream().noneMatch((known) -> known.text().equals(ref.toString())))
					.forEach((ref) -> subject.declarations()
						.service(ref)
						.ifPresent((service) -> callers
							.add(new KnownCaller(ref.toString(), Optional.of(ref.namespace()), Optional.of(ref),
									Optional.of(Given.or(service.spec().serviceAccount(), ref.name())),
									Optional.empty(), true))));
				Given.list(source.gateways())
					.forEach((name) -> callers.add(new KnownCaller("gateway " + name, Optional.empty(),
							Optional.empty(), Optional.empty(), Optional.of(name), true)));
				if (Given.count(source.services(), source.principals(), source.gateways()) == 0) {
					Given.list(source.namespaces())
						.forEach((name) -> callers.add(new KnownCaller("namespace " + name, Optional.of(name),
								Optional.empty(), Optional.empty(), Optional.empty(), true)));
				}
			}
		}
		return callers;
	}

	/** Whether the backup refuses some of the calls that the service lets in. */
	private boolean isNarrower(KnownCaller caller) {
		List<Said<AccessRule>> known = this.first.denying(caller).toList();
		if (this.backup.denying(caller).anyMatch((rule) -> !known.contains(rule))) {
			return true;
		}
		if (!this.backup.isDeniedByDefault()) {
			return false;
		}
		List<AccessRule> there = this.backup.allowing(caller).map(Said::value).toList();
		Stream<AccessRule> here = this.first.isDeniedByDefault() ? this.first.allowing(caller).map(Said::value)
				: Stream.of(new AccessRule(null, null, null, null));
		return here.anyMatch((rule) -> there.stream().noneMatch((other) -> AccessCoverage.covers(other, rule)));
	}

	private static Set<String> required(Admission admission) {
		Set<String> issuers = new LinkedHashSet<>();
		admission.merged()
			.jwt()
			.stream()
			.map(Said::value)
			.filter((issuer) -> Boolean.TRUE.equals(issuer.required()))
			.map(JwtIssuer::issuer)
			.forEach(issuers::add);
		return issuers;
	}

}
