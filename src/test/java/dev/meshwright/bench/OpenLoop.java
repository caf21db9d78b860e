package dev.meshwright.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;

/**
 * Changes at a fixed rate, whether or not the ones before are done: so that what is slow
 * is not asked less. Each goes to the next of some routes, whose first weight it makes
 * larger by one.
 */
final class OpenLoop {

	/** Beyond it a change counts as not sent on time. */
	private static final Duration ON_TIME = Duration.ofMillis(50);

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private final Rig rig;

	private final String namespace;

	private final List<String> services;

	private int turn;

	/**
	 * Nothing changed yet.
	 * @param namespace where the routes are
	 * @param services whose routes; so many that none is changed before it is done
	 */
	OpenLoop(Rig rig, String namespace, List<String> services) {
		this.rig = rig;
		this.namespace = namespace;
		this.services = services;
	}

	/** Gives the route of a service a first weight, and returns when that is accepted. */
	@FunctionalInterface
	interface Writer {

		void write(String service, int weight) throws IOException;

	}

	/**
	 * One change, by {@link System#nanoTime}.
	 *
	 * @param due when it was to be sent
	 * @param sent when it was
	 * @param accepted when it was answered
	 * @param visible when the API server had it
	 */
	record Change(long due, long sent, long accepted, long visible) {

		double lagMillis() {
			return (this.visible - this.accepted) / 1e6;
		}

		double sentMillis() {
			return (this.visible - this.sent) / 1e6;
		}

		boolean onTime() {
			return this.sent - this.due <= ON_TIME.toNanos();
		}

	}

	/** Sends so many a second for so long, and waits until each is visible. */
	Result run(double rate, int seconds, Writer writer) {
		List<Change> changes = new ArrayList<>();
		List<Future<Change>> running = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			long start = System.nanoTime();
			for (int i = 0; i < rate * seconds; i++) {
				long due = start + (long) (i * 1e9 / rate);
				Product.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
				String service = this.services.get(this.turn % this.services.size());
				int weight = 1 + this.turn / this.services.size() % 89;
				this.turn++;
				running.add(threads.submit(() -> change(service, weight, due, writer)));
			}
			for (Future<Change> each : running) {
				changes.add(each.get());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("a change failed", ex);
		}
		return new Result(changes);
	}

	private Change change(String service, int weight, long due, Writer writer) throws IOException {
		CompletableFuture<Long> seen = this.rig.observer()
			.expect(new ObjectRef(ObjectKind.VIRTUAL_SERVICE, this.namespace, service),
					(object) -> Latency.firstWeight(object) >= weight);
		long sent = System.nanoTime();
		writer.write(service, weight);
		return new Change(due, sent, System.nanoTime(), Observer.await(seen, PATIENCE));
	}

	/**
	 * What became of the changes of one run.
	 *
	 * @param changes in the order of their turn
	 */
	record Result(List<Change> changes) {

		/** How many were not sent on time. */
		long late() {
			return this.changes.stream().filter((change) -> !change.onTime()).count();
		}

		/** Of each change, in milliseconds; {@code what} they are names the samples. */
		Samples samples(String what, ToDoubleFunction<Change> of) {
			Samples samples = new Samples(what);
			this.changes.forEach((change) -> samples.add(of.applyAsDouble(change)));
			return samples;
		}

		/** The p99 from accepted to visible in the last third over that in the first. */
		double growth() {
			int third = this.changes.size() / 3;
			return p99(this.changes.subList(2 * third, this.changes.size())) / p99(this.changes.subList(0, third));
		}

		private static double p99(List<Change> changes) {
			return new Result(changes).samples("a part", Change::lagMillis).quantile(0.99);
		}

		/**
		 * How long after a moment the first change that was sent later was visible, ms.
		 */
		double firstAfter(long moment) {
			return this.changes.stream()
				.filter((change) -> change.sent() > moment)
				.mapToDouble((change) -> (change.visible() - moment) / 1e6)
				.min()
				.orElseThrow();
		}

	}

}
