package dev.meshwright.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.junit.jupiter.api.Assertions;

/** Collects what a watch reports. */
final class ReceivedEvents implements Consumer<WatchEvent> {

	private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();

	@Override
	public void accept(WatchEvent event) {
		this.events.add(event);
	}

	/** The next event that is a change or the end. */
	WatchEvent nextChange() throws InterruptedException {
		return next((event) -> !(event instanceof WatchEvent.Opened) && !(event instanceof WatchEvent.Bookmark));
	}

	/** The next event of which this is true; fails when none comes within 30 s. */
	WatchEvent next(Predicate<WatchEvent> wanted) throws InterruptedException {
		List<WatchEvent> others = new ArrayList<>();
		while (true) {
			WatchEvent event = this.events.poll(30, TimeUnit.SECONDS);
			if (event == null) {
				return Assertions.fail("no such event came, only " + others);
			}
			if (wanted.test(event)) {
				return event;
			}
			others.add(event);
		}
	}

}
