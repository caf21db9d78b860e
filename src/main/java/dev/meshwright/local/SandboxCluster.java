package dev.meshwright.local;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.document.BoundSpec;
import dev.meshwright.document.Json;
import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Commits.Validation;
import dev.meshwright.store.Resources;
import dev.meshwright.store.Revisions;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.io.ClassPathResource;

/**
 * Declares the sandbox cluster {@code local}, to which everything in a local run goes
 * that names no other cluster. An ordinary resource: one that exists already, changed or
 * not, is left as it is.
 */
final class SandboxCluster implements SmartInitializingSingleton {

	static final ResourceId ID = ResourceId.cluster("local");

	private static final Caller CALLER = Caller.system("local");

	private final Resources resources;

	private final Revisions revisions;

	private final Commits commits;

	SandboxCluster(Resources resources, Revisions revisions, Commits commits) {
		this.resources = resources;
		this.revisions = revisions;
		this.commits = commits;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.resources.find(CALLER, ID).isPresent()) {
			return;
		}
		ObjectNode tree = spec();
		BoundSpec bound = SpecBinder.bind(Kind.CLUSTER, tree);
		Change declared = new Change.Put(ID,
				bound.spec().orElseThrow(() -> new IllegalStateException(bound.errors().toString())), tree, Map.of(),
				Map.of(), new Precondition(null, null, true));
		this.commits.commit(CALLER, List.of(declared), "Declare the sandbox cluster of the local run",
				new Validation(this.revisions.head(), Set.of()));
	}

	static ObjectNode spec() {
		try (InputStream in = new ClassPathResource("sandbox-cluster.json", SandboxCluster.class).getInputStream()) {
			return (ObjectNode) Json.mapper().readTree(in);
		}
		catch (IOException ex) {
			throw new IllegalStateException("sandbox-cluster.json is missing from the class path", ex);
		}
	}

}
