package dev.meshwright.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How the gateway meets an API server in trouble. */
class Fabric8GatewayTest {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final ObjectRef REF = TestObjects.ref(ObjectKind.SERVICE_ACCOUNT, "shop", "web");

	private static final Apply CREATE = Apply.create(REF, TestObjects.body(REF, Map.of(), Map.of()));

	@Test
	void sendsOneAuthenticatedRequestAndRepeatsNothing() throws IOException {
		try (FakeApi api = new FakeApi((exchange) -> {
			exchange.getResponseHeaders().set("Retry-After", "7");
			FakeApi.answer(exchange, 429, "{\"kind\":\"Status\",\"message\":\"slow down\"}");
		}); ClusterGateway gateway = api.gateway(TIMEOUT)) {
			assertThatExceptionOfType(ClusterFailure.Throttled.class).isThrownBy(() -> gateway.apply(CREATE))
				.satisfies((ex) -> assertThat(ex.retryAfter()).contains(Duration.ofSeconds(7)))
				.withMessageContaining("slow down");
			assertThat(api.requests()).containsExactly("PATCH /api/v1/namespaces/shop/serviceaccounts/web"
					+ "?fieldManager=meshwright&fieldValidation=Strict&force=false");
			assertThat(api.authorizations()).containsExactly("Bearer the-token");
		}
	}

	@Test
	void aTokenFileThatCannotBeReadIsForbidden() throws IOException {
		try (FakeApi api = new FakeApi((exchange) -> FakeApi.answer(exchange, 200, "{}"))) {
			ApiAccess access = new ApiAccess(api.address(), null, null, null, null, Path.of("/none/token"), null, null);
			try (ClusterGateway gateway = new Fabric8Gateway(DirectHttpClients.open(access, TIMEOUT), TIMEOUT,
					"meshwright")) {
				assertThatExceptionOfType(ClusterFailure.Forbidden.class).isThrownBy(() -> gateway.get(REF))
					.withMessageContaining("token file");
			}
			assertThat(api.requests()).isEmpty();
		}
	}

	@Test
	void aServerErrorIsUnavailableAndNotRepeated() throws IOException {
		try (FakeApi api = new FakeApi((exchange) -> FakeApi.answer(exchange, 503, "overloaded"));
				ClusterGateway gateway = api.gateway(TIMEOUT)) {
			assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(() -> gateway.get(REF))
				.withMessageContaining("503")
				.withMessageContaining("overloaded");
			assertThat(api.requests()).hasSize(1);
		}
	}

	@Test
	void aRedirectIsNotFollowed() throws IOException {
		try (FakeApi thief = new FakeApi((exchange) -> FakeApi.answer(exchange, 200, "{}"));
				FakeApi api = new FakeApi((exchange) -> {
					exchange.getResponseHeaders().set("Location", thief.address() + "/stolen");
					FakeApi.answer(exchange, 307, "");
				});
				ClusterGateway gateway = api.gateway(TIMEOUT)) {
			assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(() -> gateway.get(REF))
				.withMessageContaining("307");
			assertThat(thief.requests()).isEmpty();
		}
	}

	@Test
	void aServerThatDoesNotAnswerIsUnavailable() throws IOException {
		try (FakeApi api = new FakeApi((exchange) -> {
			try {
				Thread.sleep(Duration.ofSeconds(3));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}); ClusterGateway gateway = api.gateway(Duration.ofMillis(300))) {
			assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(() -> gateway.apply(CREATE))
				.withMessageContaining("300 ms")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("the-token"));
		}
	}

	@Test
	void nobodyThereIsUnavailable() throws IOException {
		FakeApi api = new FakeApi((exchange) -> {
		});
		api.close();
		try (ClusterGateway gateway = api.gateway(TIMEOUT)) {
			assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(() -> gateway.get(REF))
				.withMessageContaining("ConnectException");
		}
	}

	@Test
	void anAnswerThatIsNotJsonIsUnavailable() throws IOException {
		try (FakeApi api = new FakeApi((exchange) -> FakeApi.answer(exchange, 200, "<html>login</html>"));
				ClusterGateway gateway = api.gateway(TIMEOUT)) {
			assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(() -> gateway.get(REF))
				.withMessageContaining("not JSON");
		}
	}

	@Test
	void aListThatExpiresBetweenItsPagesIsReadAgain() throws IOException {
		AtomicInteger expired = new AtomicInteger();
		try (FakeApi api = new FakeApi((exchange) -> {
			boolean second = exchange.getRequestURI().getQuery().contains("continue=next");
			if (!second) {
				FakeApi.answer(exchange, 200, page("a", "next"));
			}
			else if (expired.getAndIncrement() == 0) {
				FakeApi.answer(exchange, 410, "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}");
			}
			else {
				FakeApi.answer(exchange, 200, page("b", ""));
			}
		}); ClusterGateway gateway = api.gateway(TIMEOUT)) {
			Listing listing = gateway.listing(ObjectKind.SERVICE_ACCOUNT, "shop");
			assertThat(listing.objects()).extracting((live) -> live.ref().name()).containsExactly("a", "b");
			assertThat(listing.resourceVersion()).isEqualTo("17");
			assertThat(api.requests()).hasSize(4);
		}
	}

	@Test
	void aListThatAlwaysExpiresFails() throws IOException {
		try (FakeApi api = new FakeApi((exchange) -> FakeApi.answer(exchange, 410, "{}"));
				ClusterGateway gateway = api.gateway(TIMEOUT)) {
			assertThatExceptionOfType(ClusterFailure.Unavailable.class)
				.isThrownBy(() -> gateway.list(ObjectKind.SERVICE_ACCOUNT, ""));
		}
	}

	private static String page(String name, String next) {
		return "{\"metadata\":{\"resourceVersion\":\"17\",\"continue\":\"" + next
				+ "\"},\"items\":[{\"metadata\":{\"namespace\":\"shop\",\"name\":\"" + name + "\",\"uid\":\"u\"}}]}";
	}

	@Test
	void aWatchThatIsRefusedAsTooOldIsGone() throws Exception {
		try (FakeApi api = new FakeApi((exchange) -> FakeApi.answer(exchange, 410,
				"{\"kind\":\"Status\",\"message\":\"too old resource version\",\"code\":410}"));
				ClusterGateway gateway = api.gateway(TIMEOUT)) {
			ReceivedEvents events = new ReceivedEvents();
			gateway.watch(ObjectKind.SERVICE, "1", events);
			assertThat(events.nextChange()).isInstanceOfSatisfying(WatchEvent.Ended.class, (ended) -> {
				assertThat(ended.cause()).isEqualTo(WatchEvent.Cause.GONE);
				assertThat(ended.message()).contains("too old resource version");
			});
		}
	}

	@Test
	void aWatchReadsEventsThatArriveInPieces() throws Exception {
		String object = "{\"metadata\":{\"namespace\":\"shop\",\"name\":\"wéb\",\"uid\":\"u\",\"resourceVersion\":\"5\"}}";
		byte[] lines = ("{\"type\":\"ADDED\",\"object\":" + object + "}\n{\"type\":\"DELETED\",\"object\":" + object
				+ "}\n" + "{\"type\":\"ERROR\",\"object\":{\"code\":410,\"message\":\"expired\"}}\n")
			.getBytes(StandardCharsets.UTF_8);
		try (FakeApi api = new FakeApi((exchange) -> {
			exchange.sendResponseHeaders(200, 0);
			for (byte each : lines) {
				exchange.getResponseBody().write(each);
				exchange.getResponseBody().flush();
			}
		}); ClusterGateway gateway = api.gateway(TIMEOUT)) {
			ReceivedEvents events = new ReceivedEvents();
			gateway.watch(ObjectKind.SERVICE, "1", events);
			assertThat(events.nextChange()).isInstanceOfSatisfying(WatchEvent.Changed.class,
					(changed) -> assertThat(changed.live().ref().name()).isEqualTo("wéb"));
			assertThat(events.nextChange()).isInstanceOf(WatchEvent.Deleted.class);
			assertThat(events.nextChange()).isEqualTo(new WatchEvent.Ended(WatchEvent.Cause.GONE, "expired"));
		}
	}

	@Test
	void factsFromAServerWithoutAggregatedDiscovery() throws IOException {
		try (FakeApi api = new FakeApi((exchange) -> {
			switch (exchange.getRequestURI().getPath()) {
				case "/api/v1/namespaces/kube-system" ->
					FakeApi.answer(exchange, 200, "{\"metadata\":{\"uid\":\"the-uid\"}}");
				case "/version" -> FakeApi.answer(exchange, 200, "{\"gitVersion\":\"v1.24.0\"}");
				case "/api" -> FakeApi.answer(exchange, 200, "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}");
				case "/apis" -> FakeApi.answer(exchange, 200, "{\"kind\":\"APIGroupList\",\"groups\":[]}");
				case "/api/v1" -> FakeApi.answer(exchange, 200,
						"{\"groupVersion\":\"v1\",\"resources\":[{\"name\":\"services\",\"kind\":\"Service\"}]}");
				default -> FakeApi.answer(exchange, 404, "404 page not found");
			}
		}); ClusterGateway gateway = api.gateway(TIMEOUT)) {
			assertThat(gateway.facts().clusterUid()).isEqualTo("the-uid");
			assertThat(gateway.facts().kubernetesVersion()).isEqualTo("v1.24.0");
			assertThat(gateway.facts().apis()).containsExactly("v1/Service");
		}
	}

}
