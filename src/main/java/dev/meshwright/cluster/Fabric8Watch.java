package dev.meshwright.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.meshwright.cluster.WatchEvent.Cause;
import dev.meshwright.model.ObjectKind;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One watch: a GET whose answer is a line of JSON an event. It runs on a thread of its
 * own and hands over one event after the other; the next piece is read only when the last
 * one was dealt with.
 */
final class Fabric8Watch implements Runnable, AutoCloseable {

	private static final int GONE = 410;

	private final ApiServer api;

	private final ObjectKind kind;

	private final String path;

	private final Duration silence;

	private final Consumer<WatchEvent> events;

	private final Consumer<Fabric8Watch> whenOver;

	private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

	private final ByteArrayOutputStream line = new ByteArrayOutputStream();

	/** What arrives: bytes, or the end with the reason. */
	private record Piece(List<ByteBuffer> bytes, @Nullable String end) {
	}

	/**
	 * A watch that {@link #run()} starts.
	 * @param silence after how long without a byte the connection is taken for dead; more
	 * than the server lets a watch last, because a kind without any change may stay
	 * without bookmarks
	 */
	Fabric8Watch(ApiServer api, ObjectKind kind, String path, Duration silence, Consumer<WatchEvent> events,
			Consumer<Fabric8Watch> whenOver) {
		this.api = api;
		this.kind = kind;
		this.path = path;
		this.silence = silence;
		this.events = events;
		this.whenOver = whenOver;
	}

	@Override
	public void run() {
		WatchEvent.Ended ended = over("the receiver failed");
		try {
			ended = follow();
		}
		finally {
			this.whenOver.accept(this);
			this.events.accept(ended);
		}
	}

	@Override
	public void close() {
		end("closed");
	}

	private void end(String why) {
		this.pieces.add(new Piece(List.of(), why));
	}

	private static WatchEvent.Ended over(String message) {
		return new WatchEvent.Ended(Cause.OVER, message);
	}

	private WatchEvent.Ended follow() {
		CompletableFuture<HttpResponse<AsyncBody>> opening = open();
		try {
			HttpResponse<AsyncBody> response = opening.get(this.api.timeout().toMillis(), TimeUnit.MILLISECONDS);
			AsyncBody body = response.body();
			body.done().whenComplete((done, failure) -> end((failure == null) ? "ended by the server" : "" + failure));
			try {
				if (response.code() != 200) {
					return refused(response, body);
				}
				this.events.accept(new WatchEvent.Opened());
				return read(body);
			}
			finally {
				body.cancel();
			}
		}
		catch (ExecutionException ex) {
			return new WatchEvent.Ended(Cause.REFUSED, this.path + ": " + ex.getCause());
		}
		catch (TimeoutException ex) {
			opening.cancel(true);
			return new WatchEvent.Ended(Cause.SILENT, this.path + ": no answer in time");
		}
		catch (InterruptedException ex) {
			opening.cancel(true);
			Thread.currentThread().interrupt();
			return over("interrupted");
		}
	}

	private CompletableFuture<HttpResponse<AsyncBody>> open() {
		// a request that is never answered outlives its watch, and holds on to this alone
		BlockingQueue<Piece> arriving = this.pieces;
		try {
			return this.api.stream(this.path, this.silence, (bytes, body) -> arriving.add(new Piece(bytes, null)));
		}
		catch (IllegalStateException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private WatchEvent.Ended read(AsyncBody body) throws InterruptedException {
		while (true) {
			body.consume();
			Piece piece = this.pieces.poll(this.silence.toMillis(), TimeUnit.MILLISECONDS);
			if (piece == null) {
				return new WatchEvent.Ended(Cause.SILENT, "silent for " + this.silence.toSeconds() + " s");
			}
			if (piece.end() != null) {
				return over(piece.end());
			}
			for (ByteBuffer bytes : piece.bytes()) {
				WatchEvent.Ended ended = split(bytes);
				if (ended != null) {
					return ended;
				}
			}
		}
	}

	private WatchEvent.@Nullable Ended split(ByteBuffer bytes) {
		byte[] piece = new byte[bytes.remaining()];
		bytes.get(piece);
		int begin = 0;
		for (int index = 0; index < piece.length; index++) {
			if (piece[index] != '\n') {
				continue;
			}
			this.line.write(piece, begin, index - begin);
			begin = index + 1;
			WatchEvent event = event(ObjectJson.treeOrEmpty(this.line.toByteArray()));
			this.line.reset();
			if (event instanceof WatchEvent.Ended ended) {
				return ended;
			}
			this.events.accept(event);
		}
		this.line.write(piece, begin, piece.length - begin);
		return null;
	}

	private WatchEvent event(Map<String, Object> event) {
		@SuppressWarnings("unchecked")
		Map<String, Object> object = (Map<String, Object>) ObjectJson.map(event.get("object"));
		return switch (ObjectJson.text(event.get("type"))) {
			case "ADDED", "MODIFIED" -> new WatchEvent.Changed(ObjectJson.live(this.kind, object));
			case "DELETED" -> {
				LiveObject last = ObjectJson.live(this.kind, object);
				yield new WatchEvent.Deleted(last.ref(), last.uid(), last.resourceVersion());
			}
			case "BOOKMARK" ->
				new WatchEvent.Bookmark(ObjectJson.text(ObjectJson.map(object.get("metadata")).get("resourceVersion")));
			case "ERROR" ->
				new WatchEvent.Ended(isGone(object) ? Cause.GONE : Cause.OVER, ObjectJson.text(object.get("message")));
			default -> over("the server sent an event that is none");
		};
	}

	private static boolean isGone(Map<String, Object> status) {
		return status.get("code") instanceof Number code && code.intValue() == GONE;
	}

	private WatchEvent.Ended refused(HttpResponse<?> response, AsyncBody body) throws InterruptedException {
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		while (true) {
			body.consume();
			Piece piece = this.pieces.poll(this.api.timeout().toMillis(), TimeUnit.MILLISECONDS);
			if (piece == null || piece.end() != null) {
				break;
			}
			for (ByteBuffer bytes : piece.bytes()) {
				byte[] copy = new byte[bytes.remaining()];
				bytes.get(copy);
				message.writeBytes(copy);
			}
		}
		ClusterFailure failure = ApiFailures.of(this.kind, response.code(), message.toByteArray(),
				response.header("Retry-After"));
		return new WatchEvent.Ended((response.code() == GONE) ? Cause.GONE : Cause.REFUSED,
				String.valueOf(failure.getMessage()),
				(failure instanceof ClusterFailure.Throttled throttled) ? throttled.retryAfter() : Optional.empty());
	}

}
