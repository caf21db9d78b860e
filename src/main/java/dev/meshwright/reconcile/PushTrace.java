package dev.meshwright.reconcile;

import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.Revisions;
import dev.meshwright.store.Units.Cause;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.telemetry.Traced;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

/**
 * The trace of one attempt at one unit. It continues the trace in which the revision was
 * committed that it works off, be it by another process; a comparison that nothing
 * declared anew has caused is a trace of its own.
 */
final class PushTrace {

	private final ObservationRegistry registry;

	private final Observation push;

	private boolean ended;

	private PushTrace(ObservationRegistry registry, Observation push) {
		this.registry = registry;
		this.push = push;
	}

	/** A trace of nothing. */
	static PushTrace none() {
		return new PushTrace(ObservationRegistry.NOOP, Observation.NOOP);
	}

	/** Begins the trace of what a claim is about. */
	static PushTrace begin(Claim claim, ObservationRegistry registry, Revisions revisions) {
		Observation push = Traced.effect(registry, "push",
				() -> (claim.cause() == Cause.RESYNC) ? null : revisions.traceparent(claim.revision()).orElse(null));
		if (!push.isNoop()) {
			push.lowCardinalityKeyValue("meshwright.cluster", claim.unit().cluster())
				.lowCardinalityKeyValue("meshwright.cause", claim.cause().name())
				.highCardinalityKeyValue("meshwright.unit", claim.unit().toString())
				.highCardinalityKeyValue("meshwright.reconcile", LogContext.reconcile(claim))
				.highCardinalityKeyValue("meshwright.revision", Long.toString(claim.revision()));
		}
		return new PushTrace(registry, push.start());
	}

	/** One step, until it is closed by the same thread. */
	Span step(String name) {
		return new Span(Traced.step(this.registry, "push." + name).parentObservation(this.push));
	}

	/** What is done to one object. */
	Span object(Step step) {
		Observation object = Traced.step(this.registry, "push.object").parentObservation(this.push);
		if (!object.isNoop()) {
			ObjectRef ref = step.ref();
			boolean write = step instanceof Step.Write;
			object.lowCardinalityKeyValue("meshwright.kind", ref.kind().toString())
				.lowCardinalityKeyValue("meshwright.action", write ? "apply" : "remove")
				.highCardinalityKeyValue("meshwright.object", ref.toString());
		}
		return new Span(object);
	}

	/**
	 * Ends it; what comes later is not heard.
	 * @param outcome the reason of what failed first or is waited for, or {@code done}
	 */
	synchronized void end(String outcome) {
		if (!this.ended) {
			this.ended = true;
			this.push.lowCardinalityKeyValue("meshwright.outcome", outcome).stop();
		}
	}

	/** A step that has begun. */
	static final class Span implements AutoCloseable {

		private final Observation observation;

		private final Observation.Scope scope;

		private Span(Observation observation) {
			this.observation = observation.start();
			this.scope = observation.openScope();
		}

		/** Says in one word what came of it. */
		void outcome(String outcome) {
			this.observation.lowCardinalityKeyValue("meshwright.outcome", outcome);
		}

		@Override
		public void close() {
			this.scope.close();
			this.observation.stop();
		}

	}

}
