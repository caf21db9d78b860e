package dev.meshwright.telemetry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A collector of traces over OTLP/HTTP, as far as tests look at them. See
 * https://github.com/open-telemetry/opentelemetry-proto, trace.proto.
 */
final class Collector implements AutoCloseable {

	private final HttpServer server;

	private final List<Span> spans = new CopyOnWriteArrayList<>();

	private final List<String> bodies = new CopyOnWriteArrayList<>();

	Collector() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/v1/traces", this::receive);
		this.server.start();
	}

	/** A span as it was sent; its attributes as texts, where they are texts. */
	record Span(String trace, String id, String parent, String name, Map<String, String> attributes) {

		String attribute(String name) {
			return this.attributes.getOrDefault(name, "");
		}

	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	List<Span> spans() {
		return List.copyOf(this.spans);
	}

	/** Everything that came, as one text. */
	String everything() {
		return String.join("\n", this.bodies);
	}

	private void receive(HttpExchange exchange) throws IOException {
		try (exchange) {
			byte[] body = exchange.getRequestBody().readAllBytes();
			this.bodies.add(new String(body, StandardCharsets.ISO_8859_1));
			for (Field resource : fields(body, 1)) {
				for (Field scope : fields(resource.bytes(), 2)) {
					fields(scope.bytes(), 2).forEach((span) -> this.spans.add(span(span.bytes())));
				}
			}
			exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
			exchange.sendResponseHeaders(200, -1);
		}
	}

	private static Span span(byte[] span) {
		Map<String, String> attributes = new TreeMap<>();
		for (Field attribute : fields(span, 9)) {
			fields(attribute.bytes(), 2)
				.forEach((value) -> attributes.put(text(attribute.bytes(), 1), text(value.bytes(), 1)));
		}
		return new Span(hex(span, 1), hex(span, 2), hex(span, 4), text(span, 5), attributes);
	}

	private static String text(byte[] message, int number) {
		return fields(message, number).stream()
			.findFirst()
			.map((field) -> new String(field.bytes(), StandardCharsets.UTF_8))
			.orElse("");
	}

	private static String hex(byte[] message, int number) {
		return fields(message, number).stream()
			.findFirst()
			.map((field) -> HexFormat.of().formatHex(field.bytes()))
			.orElse("");
	}

	/** A field whose length is given. */
	private record Field(int number, byte[] bytes) {
	}

	/** The fields of one number, of those whose length is given. */
	private static List<Field> fields(byte[] message, int number) {
		List<Field> fields = new ArrayList<>();
		ByteBuffer buffer = ByteBuffer.wrap(message);
		while (buffer.hasRemaining()) {
			long tag = varint(buffer);
			switch ((int) (tag & 7)) {
				case 0 -> varint(buffer);
				case 1 -> buffer.position(buffer.position() + 8);
				case 5 -> buffer.position(buffer.position() + 4);
				default -> {
					byte[] bytes = new byte[(int) varint(buffer)];
					buffer.get(bytes);
					if (tag >>> 3 == number) {
						fields.add(new Field(number, bytes));
					}
				}
			}
		}
		return fields;
	}

	private static long varint(ByteBuffer buffer) {
		long value = 0;
		int shift = 0;
		byte next;
		do {
			next = buffer.get();
			value |= (long) (next & 0x7f) << shift;
			shift += 7;
		}
		while (next < 0);
		return value;
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
