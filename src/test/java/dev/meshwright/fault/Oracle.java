package dev.meshwright.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.meshwright.e2e.ApiClient;
import dev.meshwright.e2e.TrafficLog;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must hold after every fault, whatever it was: nothing acknowledged is lost (I1),
 * every live object is the compilation of a committed revision (I2), no object goes back
 * to an older revision (I3), every delete is justified (I4), everything converges (I5),
 * calls are bounded (I6), the status was true whenever it was read (I8), and then it is
 * quiet (I9). Others being unharmed (I7) is what a {@link Bystander} tells during the
 * fault.
 */
final class Oracle {

	/** More than a lane's limit of 32, for probes and what is being cut. */
	private static final int MOST_AT_ONCE = 40;

	/** A burst is pushed ten times a second, with a read for each and some repeated. */
	private static final int MOST_A_SECOND = 30;

	private static final Duration CONVERGENCE = Duration.ofSeconds(Long.getLong("fault.convergence", 150));

	private static final Duration QUIET = Duration.ofSeconds(Long.getLong("fault.quiet", 3));

	private final FaultRig rig;

	private final Collection<String> namespaces;

	Oracle(FaultRig rig, Collection<String> namespaces) {
		this.rig = rig;
		this.namespaces = List.copyOf(namespaces);
	}

	/**
	 * Looks at everything.
	 * @param journal what was written, if that is known
	 */
	void check(Journal journal) {
		converges();
		assertThat(journal.lost(this.rig.api())).as("I1: acknowledged and lost").isEmpty();
		check();
	}

	void check() {
		converges();
		List<TrafficLog.Exchange> done = this.rig.proxy.log().done();
		assertThat(phantoms(done)).as("I2: applied at a revision that was never committed").isEmpty();
		assertThat(stepsBack(done)).as("I3: an object went back to an older revision").isEmpty();
		assertThat(unjustified(done)).as("I4: deleted without a tombstone").isEmpty();
		for (int number = 0; number < this.rig.replicas.size(); number++) {
			assertThat(this.rig.proxy.log().mostAtOnce("replica-" + number)).as("I6: calls at once")
				.isLessThanOrEqualTo(MOST_AT_ONCE);
		}
		assertThat(this.rig.proxy.log().busiest()).as("I6: calls of one kind on one object within a second")
			.allSatisfy((call, times) -> assertThat(times).as(call).isLessThanOrEqualTo(MOST_A_SECOND));
		quiet();
	}

	/** I5. */
	void converges() {
		long end = System.nanoTime() + CONVERGENCE.toNanos();
		List<String> left = differences();
		while (!left.isEmpty() && System.nanoTime() < end) {
			FaultRig.sleep(Duration.ofMillis(200));
			left = differences();
		}
		assertThat(left).as("I5: live is not what is declared").isEmpty();
	}

	private List<String> differences() {
		ApiClient api = this.rig.api();
		List<String> left = new ArrayList<>();
		for (String namespace : this.namespaces) {
			left.addAll(new Differ(api, this.rig.live(namespace), namespace).differences());
			left.addAll(unsettled(api, namespace));
		}
		return left;
	}

	/**
	 * What the status still says, although all is well (I8), or is not programmed yet.
	 */
	private static List<String> unsettled(ApiClient api, String namespace) {
		List<String> unsettled = new ArrayList<>();
		for (JsonNode service : api.get("/api/v1/namespaces/" + namespace + "/services?limit=500")
			.body()
			.path("items")) {
			if (service.path("metadata").has("deletionTimestamp")) {
				unsettled.add(namespace + ": a deleted service is still there");
			}
			for (JsonNode condition : service.path("status").path("conditions")) {
				if (condition.path("type").asString("").equals("Programmed")
						&& !condition.path("status").asString("").equals("True")) {
					unsettled.add(namespace + ": " + service.path("metadata").path("name").asString()
							+ " is not Programmed: " + condition.path("reason").asString() + ": "
							+ condition.path("message").asString());
				}
			}
		}
		return unsettled;
	}

	private List<String> phantoms(List<TrafficLog.Exchange> done) {
		long head = this.rig.database.sql("select revision from revision_head").query(Long.class).single();
		return done.stream()
			.filter((each) -> each.seen().method().equals("PATCH") && revision(each.sent()) > head)
			.map((each) -> each.seen().object() + " at " + revision(each.sent()))
			.toList();
	}

	/** In the order in which the API server did it, which resourceVersions tell. */
	private List<String> stepsBack(List<TrafficLog.Exchange> done) {
		Map<String, TreeMap<Long, Long>> revisions = new TreeMap<>();
		for (TrafficLog.Exchange each : done) {
			String uid = each.answer().at("/metadata/uid").asString("");
			if (each.seen().method().equals("PATCH") && revision(each.sent()) > 0 && !uid.isEmpty()) {
				revisions.computeIfAbsent(each.seen().object() + " " + uid, (object) -> new TreeMap<>())
					.put(Long.valueOf(each.answer().at("/metadata/resourceVersion").asString()), revision(each.sent()));
			}
		}
		List<String> back = new ArrayList<>();
		revisions.forEach((object, steps) -> {
			long last = 0;
			for (long revision : steps.values()) {
				if (revision < last) {
					back.add(object + ": " + steps.values());
					break;
				}
				last = revision;
			}
		});
		return back;
	}

	private static long revision(JsonNode body) {
		return Long.parseLong(body.path("metadata").path("annotations").path("meshwright.dev/revision").asString("0"));
	}

	private List<String> unjustified(List<TrafficLog.Exchange> done) {
		return done.stream().filter((each) -> each.seen().method().equals("DELETE")).filter((each) -> {
			String uid = each.sent().at("/preconditions/uid").asString("");
			return this.rig.database.sql("""
					select count(*) from tombstone t join revision r on r.revision = t.revision where t.uid = :uid""")
				.param("uid", uid)
				.query(Long.class)
				.single() == 0;
		}).map((each) -> each.seen().object() + " " + each.sent()).toList();
	}

	/** I9: nothing is being worked on, nothing is written, and nothing moves. */
	private void quiet() {
		FaultRig.await("I9: no unit is at work", () -> this.atWork() == 0);
		Map<String, Map<String, String>> before = versions();
		long mutations = mutations();
		FaultRig.sleep(QUIET);
		assertThat(mutations()).as("I9: writes after convergence").isEqualTo(mutations);
		assertThat(versions()).as("I9: resourceVersions").isEqualTo(before);
	}

	/**
	 * Units of the namespaces on which somebody works, or will before a schedule says so.
	 */
	private long atWork() {
		return this.rig.database.sql("""
				select count(*) from unit u where u.namespace = any(:namespaces::text[])
					and (u.dirty_revision > u.done_revision or u.continues or u.attempts > 0)""")
			.param("namespaces", this.namespaces.toArray(String[]::new))
			.query(Long.class)
			.single();
	}

	/** What keeps the installation's own record up to date is no work on a namespace. */
	private long mutations() {
		return this.rig.proxy.mutations()
			.stream()
			.filter((request) -> this.namespaces.stream()
				.anyMatch((name) -> request.object().matches(".*/namespaces/" + name + "(/.*)?")))
			.count();
	}

	private Map<String, Map<String, String>> versions() {
		Map<String, Map<String, String>> versions = new TreeMap<>();
		this.namespaces.forEach((name) -> versions.put(name, this.rig.live(name).resourceVersions()));
		return versions;
	}

}
