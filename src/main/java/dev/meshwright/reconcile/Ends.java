package dev.meshwright.reconcile;

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
 * gathers. Nobody waits for others to end.
 */
final class Ends {

	private static final Logger logger = LoggerFactory.getLogger(Ends.class);

	private static final int BATCH = 64;

	private final BlockingQueue<PushEnd> queue = new LinkedBlockingQueue<>();

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
		this.queue.add(end);
	}

	/** Commits what is there, waiting for it if need be; false when nothing came. */
	boolean drain(long millis) throws InterruptedException {
		PushEnd first = this.queue.poll(millis, TimeUnit.MILLISECONDS);
		if (first == null) {
			return false;
		}
		List<PushEnd> batch = new ArrayList<>();
		batch.add(first);
		this.queue.drainTo(batch, BATCH - 1);
		store(batch);
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
