package dev.meshwright.store;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.document.Json;
import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Kind;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Commits.Committed;
import dev.meshwright.store.Commits.Outcome;
import dev.meshwright.store.Commits.Result;
import dev.meshwright.store.Commits.Validation;
import tools.jackson.databind.node.ObjectNode;

/** Short ways to write changes in tests. */
public final class Declared {

	public static final Caller ALICE = new Caller("alice", Set.of(), NamespaceScope.all());

	public static final Validation UNVALIDATED = new Validation(0, Set.of());

	private Declared() {
	}

	/** A put without labels or preconditions; single quotes stand for double ones. */
	public static Change.Put put(ResourceId id, String spec) {
		return put(id, spec, Map.of(), Precondition.NONE);
	}

	public static Change.Put put(ResourceId id, String spec, Map<String, String> labels, Precondition precondition) {
		ObjectNode tree = (ObjectNode) Json.mapper().readTree(spec.replace('\'', '"'));
		return new Change.Put(id, SpecBinder.stored(id.kind(), tree), tree, labels, Map.of(), precondition);
	}

	public static Change.Delete delete(ResourceId id) {
		return new Change.Delete(id, Precondition.NONE);
	}

	/** The spec of a service with one HTTP port. */
	public static String port(int port) {
		return "{'ports': [{'name': 'http', 'port': " + port + ", 'protocol': 'HTTP'}]}";
	}

	/** The spec of a service that is exposed under a host. */
	public static String exposed(String host) {
		return "{'ports': [{'name': 'http', 'port': 80, 'protocol': 'HTTP'}], 'exposure': {'hosts': ['" + host
				+ "'], 'gateway': 'public'}}";
	}

	public static ResourceId policy(String namespace, String name) {
		return new ResourceId(Kind.ROUTING_POLICY, namespace, name);
	}

	public static Precondition resourceVersion(long revision) {
		return new Precondition(Long.toString(revision), null, false);
	}

	public static Committed commit(StoreFixture store, Change... changes) {
		return store.commits().commit(ALICE, List.of(changes), "test", UNVALIDATED);
	}

	/** Commits one change. */
	public static Result one(StoreFixture store, Change change) {
		return commit(store, change).results().getFirst();
	}

	static Outcome outcome(StoreFixture store, Change change) {
		return one(store, change).outcome();
	}

}
