package dev.meshwright.compile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.model.service.ServiceSpec.Version;

/** The services and accounts that security policies name as callers of a service. */
final class Callers {

	private final ServiceSubject subject;

	Callers(ServiceSubject subject) {
		this.subject = subject;
	}

	/** A service named by a policy, or empty with a finding when it may not be. */
	Optional<Caller> named(String text, At at) {
		String home = at.resource().namespace();
		ServiceRef ref = ServiceRef.parse(text, home);
		if (!Declarations.isReference(ref)) {
			at.report(DiagnosticCode.INVALID_REFERENCE,
					"'" + text + "' names no service" + (home.isEmpty() ? " with its namespace" : ""));
			return Optional.empty();
		}
		Optional<Resource<ServiceSpec>> service = this.subject.declarations()
			.service(ref)
			.filter((found) -> home.isEmpty() || SourceResolver.mayBeNamed(found, this.subject));
		if (service.isEmpty()) {
			at.report(DiagnosticCode.NOT_FOUND_OR_NOT_GRANTED, "Service " + ref
					+ " is not declared, or does not declare " + this.subject.ref() + " as a dependency",
					this.subject.ref().namespace(), Use.DEPENDENCY);
		}
		return service.map(Callers::caller);
	}

	/** Demands that nothing else runs under the account of a caller. */
	void ownsAccount(Caller caller, At at) {
		notOwn(caller, this.subject.declarations())
			.ifPresent((reason) -> at.report(DiagnosticCode.ACCOUNT_NOT_OWN, reason));
	}

	/** Why the account of a service is not its alone, if it is not. */
	static Optional<String> notOwn(ServiceSubject service) {
		return notOwn(caller(service.service()), service.declarations());
	}

	private static Optional<String> notOwn(Caller caller, Declarations declarations) {
		ServiceSpec spec = caller.service().spec();
		String account = caller.account();
		boolean said = spec.serviceAccount() != null
				|| Given.list(spec.versions()).stream().allMatch((version) -> version.workload() != null);
		if (spec.external() != null || !said || account.equals("default")) {
			return Optional
				.of((spec.external() != null) ? "Service " + caller.ref() + " is outside the mesh" : "Service "
						+ caller.ref() + " runs under " + (said ? "the account default" : "an unknown account"));
		}
		return declarations.snapshot()
			.index(Key.account(caller.ref().namespace(), account))
			.stream()
			.anyMatch((other) -> !other.id().equals(caller.ref().id()))
					? Optional.of("another service runs under the account " + account + " of " + caller.ref())
					: Optional.empty();
	}

	/**
	 * The accounts under which a caller's pods may run: the one declared, and those that
	 * a push has not yet taken from the last of them. One that another service has now is
	 * that one's alone.
	 */
	List<String> accounts(Caller caller) {
		Snapshot snapshot = this.subject.declarations().snapshot();
		String namespace = caller.ref().namespace();
		return Stream.concat(Stream.of(caller.account()),
				snapshot.accountsInUse(caller.ref())
					.stream()
					.filter((account) -> snapshot.index(Key.account(namespace, account))
						.stream()
						.allMatch((other) -> other.id().equals(caller.ref().id()))))
			.distinct()
			.toList();
	}

	/**
	 * Looks whether a principal exists, as far as that is the business of the policy's
	 * namespace.
	 */
	void principal(String principal, At at) {
		if (!AccessRuleChecks.isPrincipal(principal)) {
			return;
		}
		String[] parts = principal.split("/");
		String namespace = parts[2];
		String account = parts[4];
		boolean known = namespace.equals(at.resource().namespace());
		if (!known) {
			at.report(DiagnosticCode.PRINCIPAL_NOT_CHECKED, "'" + principal + "' is not of the policy's own namespace");
		}
		else if (this.subject.declarations().snapshot().index(Key.account(namespace, account)).isEmpty()) {
			at.report(DiagnosticCode.UNKNOWN_PRINCIPAL, "no service of " + namespace + " runs under " + account);
		}
	}

	private static Caller caller(Resource<ServiceSpec> service) {
		ServiceRef ref = new ServiceRef(service.id().namespace(), service.id().name());
		List<Version> versions = Given.list(service.spec().versions());
		return new Caller(ref, service, Given.or(service.spec().serviceAccount(), ref.name()),
				VersionChecks.selectorsOf(ref.name(), versions.stream()).distinct().toList());
	}

	/**
	 * A service that calls.
	 *
	 * @param ref which it is
	 * @param service its declaration
	 * @param account the account of its pods
	 * @param pods the labels of its pods, alternatives
	 */
	record Caller(ServiceRef ref, Resource<ServiceSpec> service, String account, List<Map<String, String>> pods) {
	}

}
