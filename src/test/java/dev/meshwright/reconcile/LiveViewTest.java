package dev.meshwright.reconcile;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What of a batch is known when one of its lists is refused. */
class LiveViewTest {

	/** So many that they are listed. */
	private static final List<String> NAMES = IntStream.range(0, 20).mapToObj((number) -> "web" + number).toList();

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final WatchedGateway gateway = new WatchedGateway(TestGateways.sandbox());

	private final LiveView view = new LiveView(this.gateway, new ClusterLane(this.threads), false);

	@BeforeEach
	void makeEverything() {
		for (String namespace : List.of("open", "closed")) {
			make(Objects.namespace(namespace));
			NAMES.forEach((name) -> {
				make(Objects.account(namespace, name));
				make(Objects.service(namespace, name, 80));
			});
		}
		this.gateway.reads.clear();
	}

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.gateway.close();
	}

	private void make(Manifest manifest) {
		this.gateway.apply(Apply.create(manifest.ref(), manifest.body()));
	}

	private static List<ObjectRef> refs(ObjectKind kind, String namespace) {
		return NAMES.stream().map((name) -> Objects.ref(kind, namespace, name)).toList();
	}

	private static List<ObjectRef> all() {
		return Stream.of("open", "closed")
			.flatMap((namespace) -> Stream.concat(refs(ObjectKind.SERVICE_ACCOUNT, namespace).stream(),
					refs(ObjectKind.SERVICE, namespace).stream()))
			.toList();
	}

	private void refuse(ClusterFailure failure) {
		this.gateway.beforeScan = (kind, namespace) -> {
			if (kind == ObjectKind.SERVICE && namespace.equals("closed")) {
				throw failure;
			}
		};
	}

	@Test
	void aRefusedListConcernsItsKindAndNamespaceAlone() throws Exception {
		ClusterFailure forbidden = new ClusterFailure.Forbidden("services is forbidden in the namespace closed");
		refuse(forbidden);
		this.view.prepare(all());
		assertThat(this.gateway.reads).as("the others are listed all the same").hasSize(4);
		for (ObjectRef ref : all()) {
			if (ref.kind() == ObjectKind.SERVICE && ref.namespace().equals("closed")) {
				assertThatExceptionOfType(ClusterFailure.Forbidden.class).as("never as if it were gone: %s", ref)
					.isThrownBy(() -> this.view.find(ref))
					.isSameAs(forbidden);
			}
			else {
				assertThat(this.view.find(ref)).as("%s", ref).get().extracting((live) -> live.ref()).isEqualTo(ref);
			}
		}
		assertThat(this.gateway.reads).as("nothing is asked for twice").hasSize(4);
	}

	@Test
	void aKindThatIsNotServedIsRefusedLikewise() throws Exception {
		refuse(new ClusterFailure.KindNotServed("no such kind"));
		this.view.prepare(all());
		assertThatExceptionOfType(ClusterFailure.KindNotServed.class)
			.isThrownBy(() -> this.view.find(refs(ObjectKind.SERVICE, "closed").getFirst()));
		assertThat(this.view.find(refs(ObjectKind.SERVICE, "open").getFirst())).isPresent();
	}

	/** A read that is refused concerns that object alone. */
	@Test
	void fewAreReadByNameAndEachOnce() throws Exception {
		ClusterFailure forbidden = new ClusterFailure.Forbidden("services is forbidden in the namespace closed");
		this.gateway.beforeGet = (ref) -> {
			if (ref.kind() == ObjectKind.SERVICE && ref.namespace().equals("closed")) {
				throw forbidden;
			}
		};
		ObjectRef there = Objects.ref(ObjectKind.SERVICE, "open", "web1");
		ObjectRef closed = Objects.ref(ObjectKind.SERVICE, "closed", "web1");
		ObjectRef gone = Objects.ref(ObjectKind.SERVICE, "open", "gone");
		this.view.prepare(List.of(there, closed, gone));
		assertThat(this.view.find(there)).get().extracting((live) -> live.ref()).isEqualTo(there);
		assertThat(this.view.find(gone)).isEmpty();
		assertThatExceptionOfType(ClusterFailure.Forbidden.class).isThrownBy(() -> this.view.find(closed))
			.isSameAs(forbidden);
		assertThat(this.gateway.reads).as("nothing is asked for twice, and nothing listed").hasSize(3);
	}

	@Test
	void aClusterThatDoesNotAnswerConcernsEverything() {
		refuse(new ClusterFailure.Unavailable("connection reset"));
		assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(() -> this.view.prepare(all()));
	}

}
