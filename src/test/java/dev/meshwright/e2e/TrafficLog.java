package dev.meshwright.e2e;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.meshwright.e2e.ApiServerProxy.Seen;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** What went through {@link ApiServerProxy}, in the order in which it came. */
public final class TrafficLog {

	private final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();

	Exchange begin(Seen request, Injected fault) {
		Exchange exchange = new Exchange(request, fault);
		this.exchanges.add(exchange);
		return exchange;
	}

	void clear() {
		this.exchanges.clear();
	}

	/** Everything so far. */
	public List<Exchange> exchanges() {
		return List.copyOf(this.exchanges);
	}

	/** What the API server did, whether the caller got to know or not. */
	public List<Exchange> done() {
		return exchanges().stream().filter((each) -> each.seen.mutates() && each.succeeded()).toList();
	}

	/** How many requests met a fault. */
	public long faults() {
		return this.exchanges.stream().filter((each) -> each.fault != Injected.NONE).count();
	}

	/**
	 * The most requests of one caller that were under way at the same time. A watch stays
	 * open for as long as all is well, so it does not count.
	 */
	public int mostAtOnce(String caller) {
		List<Exchange> own = exchanges().stream()
			.filter((each) -> each.seen.caller().equals(caller) && !each.seen.watches())
			.toList();
		return own.stream()
			.mapToInt((each) -> (int) own.stream()
				.filter((other) -> other.begun <= each.begun && other.ended() > each.begun)
				.count())
			.max()
			.orElse(0);
	}

	/**
	 * How often each caller did the same to the same object within one second, at most.
	 * Lists and watches are of a kind, not of an object.
	 */
	public Map<String, Integer> busiest() {
		Map<String, List<Long>> begun = new TreeMap<>();
		exchanges().stream()
			.filter((each) -> !each.seen.watches() && !each.seen.path().contains("&limit="))
			.forEach((each) -> begun
				.computeIfAbsent(each.seen.caller() + " " + each.seen.method() + " " + each.seen.object(),
						(call) -> new ArrayList<>())
				.add(each.begun));
		Map<String, Integer> busiest = new TreeMap<>();
		begun.forEach((call, times) -> {
			int first = 0;
			int most = 0;
			for (int last = 0; last < times.size(); last++) {
				while (times.get(last) - times.get(first) > 1_000_000_000L) {
					first++;
				}
				most = Math.max(most, last - first + 1);
			}
			busiest.put(call, most);
		});
		return busiest;
	}

	/** A request and what came of it. */
	public static final class Exchange {

		private final Seen seen;

		private final Injected fault;

		private final long begun = System.nanoTime();

		private volatile long ended = Long.MAX_VALUE;

		private volatile int status;

		private volatile byte[] answer = new byte[0];

		private volatile @Nullable Exception failure;

		private Exchange(Seen seen, Injected fault) {
			this.seen = seen;
			this.fault = fault;
		}

		void answered(int answeredStatus, byte[] body) {
			this.answer = body;
			this.status = answeredStatus;
		}

		void failed(Exception ex) {
			this.failure = ex;
		}

		void end() {
			this.ended = System.nanoTime();
		}

		public Seen seen() {
			return this.seen;
		}

		public Injected fault() {
			return this.fault;
		}

		/** The status that the API server answered; 0 when it was not asked. */
		public int status() {
			return this.status;
		}

		public boolean succeeded() {
			return this.status >= 200 && this.status < 300;
		}

		/**
		 * What kept the proxy from asking, or from giving the answer back; null for
		 * nothing.
		 */
		public @Nullable Exception failure() {
			return this.failure;
		}

		/** When it came, by {@link System#nanoTime}. */
		public long begun() {
			return this.begun;
		}

		/** When it was over. */
		public long ended() {
			return this.ended;
		}

		@Override
		public String toString() {
			return this.seen.method() + " " + this.seen.path() + " of " + this.seen.caller() + ": " + this.status
					+ ((this.fault != Injected.NONE) ? " " + this.fault : "")
					+ ((this.failure != null) ? " " + this.failure : "") + " fence "
					+ sent().path("metadata").path("annotations").path("meshwright.dev/fence").asString("-");
		}

		/** The body that was sent. */
		public JsonNode sent() {
			return tree(this.seen.body());
		}

		/** The body that the API server answered. */
		public JsonNode answer() {
			return tree(this.answer);
		}

		/** What the API server answered last, as text: of a watch its last events. */
		public String said() {
			return new String(this.answer, StandardCharsets.UTF_8);
		}

		private static JsonNode tree(byte[] bytes) {
			return (bytes.length == 0) ? MissingNode.getInstance() : JsonMapper.shared().readTree(bytes);
		}

	}

}
