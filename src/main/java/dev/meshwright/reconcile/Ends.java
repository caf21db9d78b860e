package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.meshwright.store.PushEnd;
import dev.meshwright.store.Pushes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what ended together in one transaction: while one commit lasts, the next batch
 * gathers. Nobody waits for others to end, and what is urgent does not wait for the
 * commit of a batch that is not: what changes again meanwhile is claimed after that.
 */
final class Ends {

	private static final Logger logger = LoggerFactory.getLogger(Ends.class);

	private static final int BATCH = 64;

	/**
	 * So long the next batch of units that are not urgent gathers: bulk work costs less
	 * in large ones.
	 */
	private static final Duration GATHERING = Duration.ofMillis(100);

	private final BlockingQueue<PushEnd> urgent = new LinkedBlockingQueue<>();

	private final BlockingQueue<PushEnd> others = new LinkedBlockingQueue<>();

	private final Pushes pushes;

	private final Consumer<List<PushEnd>> committed;

	/**
	 * A queue of ends.
	 * @param pushes where they are stored
	 * @param committed is told those that are over, stored or not
	 */
	Ends(Pushes pushes, Consumer<List<PushEnd>> committed) {
		this.pushes = pushes;
		this.committed = committed;
	}

	void add(PushEnd end) {
		queue(end.claim().urgent()).add(end);
	}

	private BlockingQueue<PushEnd> queue(boolean ofUrgent) {
		return ofUrgent ? this.urgent : this.others;
	}

	/**
	 * Commits what is there of urgent units, or of others, waiting for it if need be;
	 * false when nothing came. For one thread of each.
	 */
	boolean drain(boolean ofUrgent, long millis) throws InterruptedException {
		BlockingQueue<PushEnd> queue = queue(ofUrgent);
		PushEnd first = queue.poll(millis, TimeUnit.MILLISECONDS);
		if (first == null) {
			return false;
		}
		List<PushEnd> batch = new ArrayList<>();
		batch.add(first);
		queue.drainTo(batch, BATCH - 1);
		store(batch);
		if (!ofUrgent) {
			Thread.sleep(GATHERING);
		}
		return true;
	}

	private void store(List<PushEnd> batch) {
		try {
			this.pushes.finish(batch);
		}
		catch (RuntimeException ex) {
			if (batch.size() > 1) {
				// one of them may be at fault: it must not keep the others
				batch.forEach((end) -> store(List.of(end)));
				return;
			}
			logger.warn("Cannot store how the push of {} ended; it is done again when its lease is over",
					batch.getFirst().claim().unit(), ex);
		}
		this.committed.accept(batch);
	}

}
