package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Asks several clusters the same at once, so that one that is silent delays no other. */
final class Survey {

	private Survey() {
	}

	/** What came of asking one cluster. */
	sealed interface Said<T> {

		/** It answered. */
		record Answered<T>(T value) implements Said<T> {
		}

		/** It did not, and why. */
		record Silent<T>(String why) implements Said<T> {
		}

	}

	/**
	 * Asks.
	 * @param clusters whom
	 * @param question what, of a cluster; whatever it throws is why that one is silent
	 * @param atMost how long all of them may take
	 * @return one entry for each
	 */
	static <T> SortedMap<String, Said<T>> ask(SortedSet<String> clusters, Function<String, Callable<T>> question,
			Duration atMost, ExecutorService threads) throws InterruptedException {
		Map<String, Future<T>> asked = new TreeMap<>();
		clusters.forEach((cluster) -> asked.put(cluster, threads.submit(question.apply(cluster))));
		long end = System.nanoTime() + atMost.toNanos();
		SortedMap<String, Said<T>> said = new TreeMap<>();
		for (Map.Entry<String, Future<T>> each : asked.entrySet()) {
			try {
				said.put(each.getKey(), new Said.Answered<>(
						each.getValue().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)));
			}
			catch (ExecutionException ex) {
				said.put(each.getKey(), new Said.Silent<>(String.valueOf(ex.getCause().getMessage())));
			}
			catch (TimeoutException ex) {
				each.getValue().cancel(true);
				said.put(each.getKey(), new Said.Silent<>("no answer in time"));
			}
		}
		return said;
	}

}
