package dev.meshwright.telemetry;

import java.util.Map;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * The names of what we observe, so that all of it is on or off together: all begin with
 * {@link #PREFIX}. What goes wrong is said by an outcome of one word; messages and bodies
 * stay out of traces, as they may hold what is nobody's business there.
 */
public final class Traced {

	/** What every name begins with. No meters are made of them. */
	public static final String PREFIX = "meshwright.trace.";

	/** The W3C header that names a span. */
	public static final String TRACEPARENT = "traceparent";

	private Traced() {
	}

	/**
	 * One step of what is under way in this thread.
	 * @param name the name without prefix, such as {@code validate}
	 */
	public static Observation step(ObservationRegistry registry, String name) {
		return Observation.createNotStarted(PREFIX + name, registry).contextualName(name);
	}

	/**
	 * Does something as a step, without the text of what goes wrong.
	 * @param registry where steps are observed
	 * @param name the name without prefix
	 * @param action what is done
	 */
	public static <T> T during(ObservationRegistry registry, String name, Supplier<T> action) {
		return during(step(registry, name), action);
	}

	/** The same of an observation that is not started. */
	public static <T> T during(Observation step, Supplier<T> action) {
		step.start();
		try (Observation.Scope _ = step.openScope()) {
			return action.get();
		}
		catch (RuntimeException | Error ex) {
			step.lowCardinalityKeyValue("meshwright.outcome", ex.getClass().getSimpleName());
			throw ex;
		}
		finally {
			step.stop();
		}
	}

	/**
	 * A step that others continue later, elsewhere.
	 * @param carrier gets the {@link #TRACEPARENT} by which they do, once it is started
	 */
	public static Observation cause(ObservationRegistry registry, String name, Map<String, String> carrier) {
		return Observation.createNotStarted(PREFIX + name, () -> {
			SenderContext<Map<String, String>> context = new SenderContext<>((into, key, value) -> into.put(key, value),
					Kind.PRODUCER);
			context.setCarrier(carrier);
			return context;
		}, registry).contextualName(name);
	}

	/**
	 * What continues another one's trace.
	 * @param traceparent answers which; null for a trace of its own. Only asked when
	 * anything is observed
	 */
	public static Observation effect(ObservationRegistry registry, String name,
			Supplier<@Nullable String> traceparent) {
		ReceiverContext<Map<String, String>> context = new ReceiverContext<>((from, key) -> from.get(key),
				Kind.CONSUMER);
		Observation effect = Observation.createNotStarted(PREFIX + name, () -> context, registry).contextualName(name);
		if (!effect.isNoop()) {
			String cause = traceparent.get();
			context.setCarrier((cause != null) ? Map.of(TRACEPARENT, cause) : Map.of());
		}
		return effect;
	}

}
