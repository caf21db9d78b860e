package dev.meshwright.cluster;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Raw requests to one API server. Authentication, TLS and connection reuse are fabric8's;
 * status codes and bytes are seen as they are, and nothing is repeated behind the
 * caller's back.
 */
final class ApiServer implements AutoCloseable {

	/**
	 * How many requests may be under way. Each has its connection, and more handshakes at
	 * once make everybody wait longer than they gain.
	 */
	private static final int IN_FLIGHT = 64;

	private final HttpClient http;

	private final Semaphore slots = new Semaphore(IN_FLIGHT, true);

	private final String address;

	private final Duration timeout;

	/**
	 * Requests to one address.
	 * @param http the client, which this closes
	 * @param address scheme, host, port and perhaps a path, without a slash at the end
	 * @param timeout how long an answer may take
	 */
	ApiServer(HttpClient http, String address, Duration timeout) {
		this.http = http;
		this.address = address;
		this.timeout = timeout;
	}

	/**
	 * An answer, whatever its status.
	 *
	 * @param status the HTTP status
	 * @param body the bytes
	 * @param retryAfter the Retry-After header
	 */
	record Answer(int status, byte[] body, @Nullable String retryAfter) {

		boolean ok() {
			return this.status >= 200 && this.status < 300;
		}

	}

	Answer get(String path, String accept) {
		return send("GET " + path, request(path).setHeader("Accept", accept));
	}

	Answer get(String path) {
		return get(path, "application/json");
	}

	Answer patch(String path, String body) {
		return send("PATCH " + path, request(path).patch("application/apply-patch+yaml", body));
	}

	Answer delete(String path, String options) {
		return send("DELETE " + path, request(path).delete("application/json", options));
	}

	/**
	 * Starts a GET whose body arrives in pieces, each only after the last one was asked
	 * for with {@link AsyncBody#consume()}.
	 * @param most after how long the connection is given back if nothing was answered:
	 * whoever stops waiting for the answer does not end the request, and a server that
	 * never answers would keep it for ever
	 */
	CompletableFuture<HttpResponse<AsyncBody>> stream(String path, Duration most,
			AsyncBody.Consumer<List<ByteBuffer>> pieces) {
		HttpRequest.Builder request = request(path).timeout(most.toMillis(), TimeUnit.MILLISECONDS);
		return this.http.consumeBytes(request.forStreaming().build(), pieces);
	}

	Duration timeout() {
		return this.timeout;
	}

	@Override
	public void close() {
		this.http.close();
	}

	private HttpRequest.Builder request(String path) {
		return this.http.newHttpRequestBuilder()
			.uri(URI.create(this.address + path).toString())
			.setHeader("Accept", "application/json");
	}

	private Answer send(String what, HttpRequest.Builder builder) {
		if (this.http.isClosed()) {
			throw new ClusterFailure.Unavailable(what + ": the connection to the cluster was closed");
		}
		try {
			this.slots.acquire();
		}
		catch (InterruptedException ex) {
			throw interrupted(what);
		}
		try {
			return exchange(what, builder.timeout(this.timeout.toMillis(), TimeUnit.MILLISECONDS).build());
		}
		finally {
			this.slots.release();
		}
	}

	private Answer exchange(String what, HttpRequest request) {
		CompletableFuture<HttpResponse<byte[]>> answer;
		try {
			answer = this.http.sendAsync(request, byte[].class);
		}
		catch (IllegalStateException | RejectedExecutionException ex) {
			throw new ClusterFailure.Unavailable(what + ": the connection to the cluster is being closed");
		}
		try {
			HttpResponse<byte[]> response = answer.get(this.timeout.toMillis() + 500, TimeUnit.MILLISECONDS);
			byte[] body = response.body();
			return new Answer(response.code(), (body != null) ? body : new byte[0], response.header("Retry-After"));
		}
		catch (ExecutionException ex) {
			throw noAnswer(what, (ex.getCause() != null) ? ex.getCause() : ex);
		}
		catch (TimeoutException ex) {
			answer.cancel(true);
			throw noAnswer(what, ex);
		}
		catch (InterruptedException ex) {
			answer.cancel(true);
			throw interrupted(what);
		}
	}

	private static ClusterFailure interrupted(String what) {
		Thread.currentThread().interrupt();
		return new ClusterFailure.Unavailable(what + ": interrupted while waiting for the answer");
	}

	private ClusterFailure noAnswer(String what, Throwable cause) {
		if (cause instanceof TimeoutException || cause instanceof java.net.http.HttpTimeoutException) {
			return new ClusterFailure.Unavailable(what + ": no answer within " + this.timeout.toMillis() + " ms");
		}
		if (cause instanceof ClusterFailure failure) {
			return failure;
		}
		String detail = (cause.getMessage() != null) ? ": " + cause.getMessage() : "";
		return new ClusterFailure.Unavailable(what + ": " + cause.getClass().getSimpleName() + detail);
	}

}
