package dev.meshwright.e2e;

import java.io.IOException;
import java.io.OutputStream;

import com.sun.net.httpserver.HttpExchange;

/** What {@link ApiServerProxy} says where the API server would say something else. */
final class InjectedAnswers {

	private InjectedAnswers() {
	}

	/** See {@link Injected#END_CLEANLY}. */
	static void endCleanly(HttpExchange exchange) throws IOException {
		exchange.sendResponseHeaders(200, 0);
		exchange.getResponseBody().close();
	}

	/** See {@link Injected#GONE}. */
	static void gone(HttpExchange exchange) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(200, 0);
		try (OutputStream out = exchange.getResponseBody()) {
			out.write("""
					{"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old resource version"}}
					""".getBytes());
		}
	}

	/** See {@link Injected.Answer}. */
	static void refuse(HttpExchange exchange, Injected.Answer answer) throws IOException {
		byte[] body = """
				{"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": %d, "reason": "Injected",
				 "message": "the proxy refuses"}""".formatted(answer.status()).getBytes();
		Integer seconds = answer.retryAfterSeconds();
		if (seconds != null) {
			exchange.getResponseHeaders().set("Retry-After", String.valueOf(seconds));
		}
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(answer.status(), body.length);
		exchange.getResponseBody().write(body);
	}

}
