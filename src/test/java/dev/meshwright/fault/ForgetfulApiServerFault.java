package dev.meshwright.fault;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.e2e.ApiServerProxy.Seen;
import dev.meshwright.e2e.Injected;
import dev.meshwright.e2e.TrafficLog;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An API server of the test's own that is restarted, or whose etcd is compacted under a
 * watch and under a list, while somebody writes. Everything is compared by schedule once
 * an hour only.
 */
class ForgetfulApiServerFault {

	private static final Map<String, String> RARELY = Map.of("meshwright.reconcile.resync-interval", "1h");

	private static final int PAGE = 500;

	/** Where somebody writes. */
	private final String busy = "forgetful";

	/** Where nobody does. */
	private final String calm = "forgetful-calm";

	private final Journal journal = new Journal();

	@Test
	void aRestartCostsNoWriteAndAtMostOneListOfEachKind(@TempDir Path directory) throws Exception {
		try (RealApiServer server = RealApiServer.another();
				ApiServerProcess process = ApiServerProcess.behind(server);
				FaultRig rig = start(directory, server)) {
			process.start();
			rig.proxy.leadTo(process.kubeconfig());
			rig.proxy.forget();
			WatchedCluster watched = new WatchedCluster(rig);
			watched.awaitFollowed();
			Map<String, String> before = rig.live(this.calm).resourceVersions();
			try (Writers writers = new Writers(this.journal, rig::api, List.of(this.busy))) {
				awaitPushes(rig, pushes(rig) + 5);
				process.kill();
				long acknowledged = this.journal.acknowledged();
				FaultRig.await("calls fail", () -> failed(rig) > WatchedCluster.KINDS);
				FaultRig.await("writes are answered all the same",
						() -> this.journal.acknowledged() > acknowledged + 5);
				rig.proxy.forget();
				process.start();
				watched.awaitFollowed();
				awaitPushes(rig, 5);
			}
			assertThat(watched.lists()).as("lists of a kind")
				.allSatisfy((kind, times) -> assertThat(times).as(kind).isEqualTo(1));
			watched.assertUnwritten(this.calm, before);
			watched.assertDriftIsHealed(this.calm);
			new Oracle(rig, List.of(this.busy, this.calm)).check(this.journal);
		}
	}

	/**
	 * The server has no cache, so that it remembers what etcd does. While a list is read
	 * that is needed since no watch can go on, etcd forgets again.
	 */
	@Test
	void whatIsForgottenIsListedAnewAndHalfAListSaysNothing(@TempDir Path directory) throws Exception {
		try (RealApiServer server = RealApiServer.another("--watch-cache=false");
				ApiServerProcess process = ApiServerProcess.behind(server);
				FaultRig rig = start(directory, server)) {
			WatchedCluster watched = new WatchedCluster(rig);
			fillTheFirstPage(rig);
			new Oracle(rig, List.of(this.busy, this.calm)).check(this.journal);
			Map<String, String> before = rig.live(this.calm).resourceVersions();
			rig.proxy.forget();
			AtomicBoolean within = new AtomicBoolean();
			rig.proxy.before((request) -> {
				if (isSecondPage(request) && within.compareAndSet(false, true)) {
					forget(rig, process);
				}
			});
			CountDownLatch released = new CountDownLatch(1);
			try (Writers writers = new Writers(this.journal, rig::api, List.of(this.busy))) {
				awaitPushes(rig, 5);
				watched.awaitFollowed();
				rig.proxy.faults((request) -> request.watches() ? new Injected.Hold(released) : Injected.NONE);
				assertThat(rig.proxy.cutWatches()).isGreaterThanOrEqualTo(WatchedCluster.KINDS - 2);
				FaultRig.await("every kind is asked for again", () -> rig.proxy.log().faults() >= WatchedCluster.KINDS);
				forget(rig, process);
				released.countDown();
				FaultRig.await("every kind is listed", () -> watched.lists().size() == WatchedCluster.KINDS);
				watched.awaitFollowed();
				awaitPushes(rig, pushes(rig) + 5);
			}
			Map<String, Integer> gone = gone(watched);
			assertThat(gone).as("watches of a kind with 410")
				.hasSize(WatchedCluster.KINDS)
				.allSatisfy((kind, times) -> assertThat(times).as(kind).isBetween(1, 2));
			assertThat(rig.proxy.log().exchanges().stream().filter((each) -> isSecondPage(each.seen())))
				.extracting(TrafficLog.Exchange::status)
				.as("second pages")
				.containsExactly(410, 200);
			assertThat(watched.lists()).as("lists of a kind")
				.allSatisfy((kind, times) -> assertThat(times).as(kind)
					.isEqualTo(gone.get(kind) + (kind.endsWith("/serviceaccounts") ? 1 : 0)));
			watched.assertUntouched(this.calm, before);
			rig.proxy.heal();
			watched.assertDriftIsHealed(this.calm);
			new Oracle(rig, List.of(this.busy, this.calm)).check(this.journal);
		}
	}

	private FaultRig start(Path directory, RealApiServer server) throws Exception {
		server.installCrds();
		FaultRig rig = FaultRig.start(directory, server, 1, RARELY);
		this.journal.declare(rig.api(), this.busy);
		this.journal.declare(rig.api(), this.calm);
		new Oracle(rig, List.of(this.busy, this.calm)).check(this.journal);
		new WatchedCluster(rig).awaitFollowed();
		return rig;
	}

	/**
	 * With ServiceAccounts of nobody that carry our label, in a namespace that comes
	 * first: ours are on the second page.
	 */
	private static void fillTheFirstPage(FaultRig rig) {
		String first = "a-first";
		rig.kubernetes.resource(new NamespaceBuilder().withNewMetadata().withName(first).endMetadata().build())
			.create();
		for (int number = 0; number < PAGE; number++) {
			rig.kubernetes
				.resource(new ServiceAccountBuilder().withNewMetadata()
					.withNamespace(first)
					.withName("nobodys-" + number)
					.addToLabels("app.kubernetes.io/managed-by", "meshwright")
					.endMetadata()
					.build())
				.create();
		}
	}

	/** Something changes, so that what was known before is not the present any more. */
	private static void forget(FaultRig rig, ApiServerProcess process) {
		rig.kubernetes.serviceAccounts()
			.inNamespace("default")
			.resource(new ServiceAccountBuilder().withNewMetadata().withGenerateName("somebody-").endMetadata().build())
			.create();
		process.compact();
	}

	private static boolean isSecondPage(Seen request) {
		return WatchedCluster.isList(request) && request.path().contains("continue=");
	}

	/**
	 * How many watches of each kind met 410: one, and one more where etcd forgot again
	 * between the list of that kind and the watch from there.
	 */
	private static Map<String, Integer> gone(WatchedCluster watched) {
		return watched.watches()
			.stream()
			.filter(ForgetfulApiServerFault::isGone)
			.collect(Collectors.toMap((watch) -> watch.seen().object(), (watch) -> 1, Integer::sum));
	}

	private static boolean isGone(TrafficLog.Exchange watch) {
		return watch.status() == 410 || watch.said().contains("\"code\":410");
	}

	private static long failed(FaultRig rig) {
		return rig.proxy.log().exchanges().stream().filter((each) -> each.failure() != null).count();
	}

	private int pushes(FaultRig rig) {
		return (int) rig.proxy.log()
			.done()
			.stream()
			.filter((each) -> each.seen().object().contains("/namespaces/" + this.busy + "/"))
			.count();
	}

	private void awaitPushes(FaultRig rig, int pushes) {
		FaultRig.await("changes are pushed", () -> pushes(rig) >= pushes);
	}

}
