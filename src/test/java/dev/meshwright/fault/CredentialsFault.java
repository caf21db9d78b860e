package dev.meshwright.fault;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.e2e.ApiServerProxy;
import dev.meshwright.e2e.ApiServerProxy.Seen;
import dev.meshwright.e2e.Injected;
import dev.meshwright.e2e.ShopDeclaration;
import dev.meshwright.e2e.TrafficLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Credentials of clusters that are renewed under work. */
class CredentialsFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of());

	private final FaultRig rig = SHARED.get();

	private final String namespace = "credentials-" + COUNT.incrementAndGet();

	private final Journal journal = new Journal();

	@BeforeEach
	void declare() throws IOException {
		this.rig.connect(0, this.rig.proxy.kubeconfig("replica-0"));
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		this.rig.proxy.forget();
	}

	/** As a service account's token: the file is renewed, and the old one expires. */
	@Test
	void aTokenFileThatIsRenewedIsReadBeforeTheNextCall() throws IOException {
		this.rig.writeToken(0, "token-0");
		this.rig.connect(0, this.rig.proxy.kubeconfigWithTokenFile(FaultRig.TOKEN_FILE));
		FaultRig.await("the token of the file is used", () -> calls("token-0") > 5);
		try (Writers writers = new Writers(this.journal, this.rig::api, List.of(this.namespace))) {
			for (int round = 1; round <= 5; round++) {
				String fresh = "token-" + round;
				String old = "token-" + (round - 1);
				long before = this.journal.acknowledged();
				this.rig.writeToken(0, fresh);
				this.rig.proxy
					.faults((request) -> request.caller().equals(old) ? new Injected.Answer(401, null) : Injected.NONE);
				FaultRig.await("the new token is used for writes", () -> written(fresh) > 2);
				FaultRig.await("writes are answered", () -> this.journal.acknowledged() > before + 20);
			}
		}
		assertThat(this.rig.proxy.log().faults()).as("calls with a token that was over, in five rounds")
			.isLessThanOrEqualTo(10);
		this.rig.proxy.heal();
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	/**
	 * Another certificate authority, and so another kubeconfig, behind another address.
	 */
	@Test
	void aCertificateAuthorityThatIsRenewedNeedsNoRestart() throws IOException {
		try (ApiServerProxy renewed = new ApiServerProxy(RealApiServer.get().kubeconfig());
				Writers writers = new Writers(this.journal, this.rig::api, List.of(this.namespace))) {
			long before = this.journal.acknowledged();
			FaultRig.await("writes are answered", () -> this.journal.acknowledged() > before + 20);
			this.rig.connect(0, renewed.kubeconfig("replica-0"));
			this.rig.proxy.faults((request) -> Injected.CUT_BEFORE);
			FaultRig.await("pushes go the new way",
					() -> renewed.log().done().stream().filter((each) -> isRoute(each.seen())).count() > 3);
			this.rig.connect(0, this.rig.proxy.kubeconfig("replica-0"));
			this.rig.proxy.heal();
			this.rig.proxy.forget();
			FaultRig.await("and back", () -> written("replica-0") > 3);
		}
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	/** A right that is taken away under work, and given back. */
	@Test
	void credentialsThatAreRefusedForAWhileChangeNothing() {
		Map<String, String> before = this.rig.live(this.namespace).resourceVersions();
		this.rig.proxy.faults((request) -> new Injected.Answer((request.mutates()) ? 403 : 401, null));
		this.rig.proxy.cutWatches();
		this.rig.declare(ShopDeclaration.routing(this.namespace, 30));
		var condition = this.rig.api()
			.awaitReason(ShopDeclaration.routingPolicy(this.namespace), "Programmed", "Forbidden");
		assertThat(condition.path("status").asString()).isIn("False", "Unknown");
		FaultRig.await("calls are refused", () -> this.rig.proxy.log().faults() > 5);
		assertThat(this.rig.live(this.namespace).resourceVersions()).isEqualTo(before);
		this.rig.proxy.heal();
		new Oracle(this.rig, List.of(this.namespace)).check();
		assertThat(this.rig.proxy.mutations()).noneMatch((seen) -> seen.method().equals("DELETE"));
	}

	private long calls(String token) {
		return this.rig.proxy.log().exchanges().stream().filter((each) -> each.seen().caller().equals(token)).count();
	}

	private long written(String token) {
		return this.rig.proxy.log()
			.done()
			.stream()
			.map(TrafficLog.Exchange::seen)
			.filter((seen) -> seen.caller().equals(token) && isRoute(seen))
			.count();
	}

	private boolean isRoute(Seen request) {
		return request.object().endsWith("/" + this.namespace + "/virtualservices/webapp");
	}

}
