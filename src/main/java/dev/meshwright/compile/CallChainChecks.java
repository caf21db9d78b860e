package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Durations;
import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.ServiceRef;

/**
 * Timeouts and retries along declared dependencies. A service is looked at only where it
 * gives its callers a limit or retries itself, and only so deep that a change stays cheap
 * however many services there are.
 */
final class CallChainChecks implements Check {

	/** So many tries of the last service for one request to the first are too many. */
	static final int MOST_TRIES = 16;

	private static final int DEEPEST = 4;

	private static final int MOST_SERVICES = 50;

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		List<String> dependencies = Given.list(subject.spec().dependencies());
		if (dependencies.isEmpty()) {
			return;
		}
		CallProfile own = CallProfile.of(subject);
		own.shortest()
			.ifPresent(
					(limit) -> dependencies.forEach((dependency) -> inversion(dependency, limit, subject, findings)));
		if (own.tries() > 1) {
			Chain longest = new Walk().from(subject, own.tries(), subject.ref().toString(), 0);
			if (longest.tries() > MOST_TRIES) {
				own.mostTries(findings)
					.report(DiagnosticCode.RETRY_AMPLIFICATION, "one request may become " + longest.tries()
							+ " where these call each other: " + longest.path());
			}
		}
	}

	private static void inversion(String dependency, CallProfile.Limit limit, ServiceSubject subject,
			Findings findings) {
		callee(dependency, subject).ifPresent((callee) -> CallProfile.of(callee)
			.longest()
			.filter((longest) -> longest.compareTo(limit.timeout()) > 0)
			.ifPresent((longest) -> limit.at(findings)
				.report(DiagnosticCode.TIMEOUT_INVERSION,
						"callers of " + subject.ref() + " give up after " + Durations.format(limit.timeout())
								+ ", but its call of " + callee.ref() + " may take " + Durations.format(longest),
						Durations.format(longest))));
	}

	private static Optional<ServiceSubject> callee(String dependency, ServiceSubject subject) {
		ServiceRef target = ServiceRef.parse(dependency, subject.ref().namespace());
		if (!Declarations.isReference(target) || target.equals(subject.ref())) {
			return Optional.empty();
		}
		return subject.declarations()
			.usable(target, subject.ref(), Use.DEPENDENCY)
			.map((service) -> ServiceSubject.of(service, subject.declarations()));
	}

	/**
	 * Services that call each other.
	 *
	 * @param tries how often the last may be called for one request to the first
	 * @param path the services in words
	 */
	private record Chain(long tries, String path) {
	}

	private static final class Walk {

		private final Set<ServiceRef> seen = new HashSet<>();

		private int services;

		/** The chain with the most tries that begins here. */
		Chain from(ServiceSubject subject, long tries, String path, int depth) {
			Chain most = new Chain(tries, path);
			if (depth == DEEPEST || this.services++ >= MOST_SERVICES || !this.seen.add(subject.ref())) {
				return most;
			}
			for (String dependency : Given.list(subject.spec().dependencies())) {
				Optional<ServiceSubject> callee = callee(dependency, subject)
					.filter((found) -> !this.seen.contains(found.ref()));
				if (callee.isPresent()) {
					int more = CallProfile.of(callee.get()).tries();
					Chain chain = from(callee.get(), tries * more,
							path + ", " + callee.get().ref() + ((more > 1) ? " (" + more + " tries)" : ""), depth + 1);
					most = (chain.tries() > most.tries()) ? chain : most;
				}
			}
			this.seen.remove(subject.ref());
			return most;
		}

	}

}
