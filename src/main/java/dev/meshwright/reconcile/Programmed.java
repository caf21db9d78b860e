package dev.meshwright.reconcile;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.meshwright.compile.SyncGate.Closed;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Condition.Type;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.reconcile.Plan.Reason;

/**
 * Whether the API server has what is declared.
 *
 * @param status true once requests are moved
 * @param reason why, one CamelCase word
 * @param message which objects, why, and how to mend it
 */
record Programmed(Status status, String reason, String message) {

	private static final int MOST_MESSAGES = 8;

	/** The reason of what is not done until somebody decides it. */
	static final String HELD = "Held";

	/** The reason of what waits for a sync window. */
	static final String CLOSED = "SyncWindowClosed";

	/** The reason of what waits for the end of a pause. */
	static final String PAUSED = "Paused";

	static final Programmed ERRORS = new Programmed(Status.FALSE, "CompileFailed",
			"the declarations have errors; what was pushed before is kept");

	/** What follows from failures; there is at least one. */
	static Programmed failed(List<Outcome.Failed> failures) {
		boolean unread = failures.stream().allMatch(Failures::leavesOpen);
		Outcome.Failed first = failures.stream()
			.filter((failure) -> !Failures.leavesOpen(failure))
			.findFirst()
			.orElse(failures.getFirst());
		return new Programmed(unread ? Status.UNKNOWN : Status.FALSE, first.reason(),
				messages(failures.stream().map(Outcome.Failed::message).sorted().distinct().toList()));
	}

	/** A unit may have hundreds of objects, and all of them one reason. */
	private static String messages(List<String> messages) {
		String first = messages.stream().limit(MOST_MESSAGES).collect(Collectors.joining("; "));
		int more = messages.size() - MOST_MESSAGES;
		return (more > 0) ? first + "; and " + more + " more" : first;
	}

	/**
	 * What follows from a wait.
	 * @param wait what is waited for
	 * @param missing the objects that it waits for, if any
	 */
	static Programmed waiting(Plan.Wait wait, Set<ObjectRef> missing) {
		return switch (wait.reason()) {
			case BEFORE_SWITCH -> new Programmed(Status.FALSE, "WaitingToSwitch",
					"what is new was made; requests are moved to it after the settle time");
			case BEFORE_BREAK -> new Programmed(Status.TRUE, "Settling",
					"requests are moved; what they used before is taken away after the settle time");
			case NOT_AVAILABLE -> new Programmed(Status.FALSE, "NotAvailable",
					"requests stay where they are until there is an available replica of " + names(missing));
			case NOT_ADMITTED -> new Programmed(Status.FALSE, "NotAdmitted",
					"pods keep their account until these let in the new one, too: " + names(missing));
			case NAMESPACE -> new Programmed(Status.FALSE, "NamespacePending",
					"the Kubernetes Namespace is not there yet; see the status of the Namespace");
			case NEEDS -> new Programmed(Status.FALSE, "WaitingForOthers", wait.detail());
			case NEEDED -> new Programmed(Status.TRUE, "StillNeeded", wait.detail());
			case COUNTING -> new Programmed(Status.TRUE, "Counting", wait.detail());
			case HELD -> new Programmed(Status.TRUE, HELD, wait.detail());
			case CLOSED -> new Programmed(Status.FALSE, CLOSED, wait.detail());
		};
	}

	/**
	 * What follows from a pause or a sync window.
	 * @param closed what keeps the unit back
	 * @param moved whether nothing but a break is kept back
	 */
	static Programmed closed(Closed closed, boolean moved) {
		return new Programmed(moved ? Status.TRUE : Status.FALSE, reason(closed), closed.message());
	}

	static String reason(Closed closed) {
		return closed.pausing() ? PAUSED : CLOSED;
	}

	static Programmed done(Set<ObjectRef> orphans, Set<ObjectRef> held, boolean sandbox) {
		if (!held.isEmpty()) {
			return new Programmed(Status.TRUE, HELD, "kept although nothing declares them any more: " + names(held)
					+ "; the plan that was applied does not take them away. Make a plan that does, and apply it");
		}
		if (!orphans.isEmpty()) {
			return new Programmed(Status.TRUE, Failures.ORPHANED,
					"kept although nothing declares them any more: " + names(orphans)
							+ "; no committed revision says that they should go. Declare them again, or let an "
							+ "administrator delete or forget them (orphans/release of the Cluster)");
		}
		return new Programmed(Status.TRUE, Type.PROGRAMMED.plainReason(),
				sandbox ? "in a sandbox, which runs nothing and calls Deployments available at once" : "");
	}

	private static String names(Collection<ObjectRef> refs) {
		return new TreeSet<>(refs).stream().map(ObjectRef::toString).collect(Collectors.joining(", "));
	}

}
