package dev.meshwright.e2e;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.meshwright.e2e.ApiServerProxy.Seen;
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

	/** A request and what came of it. */
	public static final class Exchange {

		private final Seen seen;

		private final Injected fault;

		private final long begun = System.nanoTime();

		private volatile long ended = Long.MAX_VALUE;

		private volatile int status;

		private volatile byte[] answer = new byte[0];

		private Exchange(Seen seen, Injected fault) {
			this.seen = seen;
			this.fault = fault;
		}

		void answered(int answeredStatus, byte[] body) {
			this.answer = body;
			this.status = answeredStatus;
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

		/** When it came, by {@link System#nanoTime}. */
		public long begun() {
			return this.begun;
		}

		/** When it was over. */
		public long ended() {
			return this.ended;
		}

		/** The body that was sent. */
		public JsonNode sent() {
			return tree(this.seen.body());
		}

		/** The body that the API server answered. */
		public JsonNode answer() {
			return tree(this.answer);
		}

		private static JsonNode tree(byte[] bytes) {
			return (bytes.length == 0) ? MissingNode.getInstance() : JsonMapper.shared().readTree(bytes);
		}

	}

}
