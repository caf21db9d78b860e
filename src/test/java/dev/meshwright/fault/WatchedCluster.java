package dev.meshwright.fault;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.meshwright.e2e.ApiServerProxy.Seen;
import dev.meshwright.e2e.LiveObjects;
import dev.meshwright.e2e.TrafficLog;
import dev.meshwright.model.ObjectKind;

import static org.assertj.core.api.Assertions.assertThat;

/** What the watches of a rig's cluster do, as seen from outside, and what they must. */
final class WatchedCluster {

	/** Every kind, where Istio and Gateway API are installed. */
	static final int KINDS = ObjectKind.values().length;

	private final FaultRig rig;

	WatchedCluster(FaultRig rig) {
		this.rig = rig;
	}

	/** Waits until every kind is followed. */
	void awaitFollowed() {
		FaultRig.await("every kind is watched and followed",
				() -> this.rig.proxy.openWatches() == KINDS && followed() == KINDS);
	}

	/** Of how many kinds the holder of the watches says that he sees everything. */
	int followed() {
		return this.rig.database.sql("""
				select count(*) from followed_kind k join watch_holder h on h.cluster = k.cluster and h.fence = k.fence
				where h.lease_until > now()""").query(Integer.class).single();
	}

	/**
	 * Does what others do to our objects, and waits until it is set right: one is
	 * deleted, and one is changed.
	 */
	void assertDriftIsHealed(String namespace) {
		drift(namespace);
		awaitHealed(namespace);
	}

	/** Somebody deletes one of our objects and changes another one. */
	void drift(String namespace) {
		LiveObjects live = this.rig.live(namespace);
		live.delete("DestinationRule", "webapp");
		this.rig.kubernetes.services().inNamespace(namespace).withName("webapp").edit((service) -> {
			service.getSpec().getSelector().put("app.kubernetes.io/name", "rival");
			return service;
		});
	}

	boolean isHealed(String namespace) {
		return this.rig.live(namespace).get("DestinationRule", "webapp") != null && this.rig.kubernetes.services()
			.inNamespace(namespace)
			.withName("webapp")
			.get()
			.getSpec()
			.getSelector()
			.get("app.kubernetes.io/name")
			.equals("webapp");
	}

	void awaitHealed(String namespace) {
		FaultRig.await("what others did is set right", () -> isHealed(namespace));
	}

	/** How often each kind was listed anew since the log was cleared. */
	Map<String, Integer> lists() {
		Map<String, Integer> lists = new TreeMap<>();
		this.rig.proxy.log()
			.exchanges()
			.stream()
			.filter((each) -> isList(each.seen()) && !each.seen().path().contains("continue=") && each.succeeded())
			.forEach((each) -> lists.merge(each.seen().object(), 1, Integer::sum));
		return lists;
	}

	/** A list of the objects of ours in all namespaces, which only the watches need. */
	static boolean isList(Seen seen) {
		return !seen.watches() && seen.path().contains("labelSelector=") && !seen.path().contains("/namespaces/");
	}

	/** Every watch that was asked for since the log was cleared. */
	List<TrafficLog.Exchange> watches() {
		return this.rig.proxy.log().exchanges().stream().filter((each) -> each.seen().watches()).toList();
	}

	/** That nobody wrote the objects of a namespace, and nobody deleted anything. */
	void assertUnwritten(String namespace, Map<String, String> versions) {
		assertThat(this.rig.live(namespace).resourceVersions()).isEqualTo(versions);
		assertThat(this.rig.proxy.mutations())
			.noneMatch((seen) -> seen.object().contains("/namespaces/" + namespace + "/"))
			.noneMatch((seen) -> seen.method().equals("DELETE"));
	}

	/** As {@link #assertUnwritten}, and that nobody had a reason to look at them. */
	void assertUntouched(String namespace, Map<String, String> versions) {
		assertUnwritten(namespace, versions);
		assertThat(this.rig.proxy.log().exchanges()).as("calls that concern %s", namespace)
			.noneMatch((each) -> each.seen().object().contains("/namespaces/" + namespace + "/"));
	}

	/** The sum of a metric of the first process, over the lines with this label. */
	double metric(String name, String label) {
		Matcher line = Pattern.compile("(?m)^" + name + "\\{[^}]*" + label + "[^}]*} (\\S+)$")
			.matcher(this.rig.api().get("/actuator/prometheus").text());
		double sum = 0;
		while (line.find()) {
			sum += Double.parseDouble(line.group(1));
		}
		return sum;
	}

}
