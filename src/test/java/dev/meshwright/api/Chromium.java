package dev.meshwright.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.meshwright.document.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A headless Chromium that shows one page, driven by the DevTools protocol. */
final class Chromium implements AutoCloseable, WebSocket.Listener {

	private static final Path PROGRAM = Path.of("/usr/bin/chromium");

	private final Process process;

	private final HttpClient http = HttpClient.newHttpClient();

	private final BlockingQueue<String> messages = new ArrayBlockingQueue<>(1000);

	private final StringBuilder partial = new StringBuilder();

	private final WebSocket socket;

	private int calls;

	Chromium(Path profile, String url) throws IOException, InterruptedException {
		this.process = new ProcessBuilder(List.of(PROGRAM.toString(), "--headless", "--no-sandbox", "--disable-gpu",
				"--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
				"--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0", "--user-data-dir=" + profile,
				url))
			.redirectErrorStream(true)
			.redirectOutput(profile.resolve("log").toFile())
			.start();
		this.socket = this.http.newWebSocketBuilder().buildAsync(URI.create(page(profile)), this).join();
	}

	static boolean isInstalled() {
		return Files.isExecutable(PROGRAM);
	}

	/**
	 * Waits until a JavaScript expression gives a text that is not empty, and answers it.
	 */
	String await(String expression) throws InterruptedException {
		for (int i = 0; i < 300; i++) {
			String value = evaluate("String((" + expression + ") || '')");
			if (!value.isEmpty()) {
				return value;
			}
			Thread.sleep(100);
		}
		throw new AssertionError("The page never came to " + expression + ": " + evaluate("document.body.innerText"));
	}

	String evaluate(String expression) throws InterruptedException {
		int id = ++this.calls;
		var message = Json.mapper().createObjectNode().put("id", id).put("method", "Runtime.evaluate");
		message.putObject("params").put("expression", expression).put("returnByValue", true);
		this.socket.sendText(message.toString(), true).join();
		for (@Nullable
		String text = poll(); text != null; text = poll()) {
			JsonNode answer = Json.mapper().readTree(text);
			if (answer.path("id").asInt(0) == id) {
				return answer.at("/result/result/value").asString("");
			}
		}
		throw new AssertionError("Chromium does not answer");
	}

	private @Nullable String poll() throws InterruptedException {
		return this.messages.poll(30, TimeUnit.SECONDS);
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.partial.append(data);
		if (last) {
			this.messages.add(this.partial.toString());
			this.partial.setLength(0);
		}
		webSocket.request(1);
		return null;
	}

	private String page(Path profile) throws IOException, InterruptedException {
		Path ports = profile.resolve("DevToolsActivePort");
		for (int i = 0; i < 600; i++) {
			if (Files.exists(ports) && !Files.readAllLines(ports).isEmpty()) {
				String list = "http://127.0.0.1:" + Files.readAllLines(ports).getFirst() + "/json/list";
				JsonNode targets = Json.mapper()
					.readTree(this.http
						.send(HttpRequest.newBuilder(URI.create(list)).build(), HttpResponse.BodyHandlers.ofString())
						.body());
				for (JsonNode target : targets) {
					if (target.path("type").asString("").equals("page")) {
						return target.get("webSocketDebuggerUrl").asString();
					}
				}
			}
			Thread.sleep(100);
		}
		throw new AssertionError("Chromium does not start: " + Files.readString(profile.resolve("log")));
	}

	@Override
	public void close() {
		this.socket.abort();
		this.http.shutdownNow();
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly().onExit().join();
	}

}
