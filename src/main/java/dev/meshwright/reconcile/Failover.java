package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import dev.meshwright.compile.Compiler;
import dev.meshwright.document.Json;
import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.failover.BackupState;
import dev.meshwright.model.failover.BackupState.Phase;
import dev.meshwright.model.failover.FailoverPolicySpec.Backup;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.reconcile.BackupMachine.InForce;
import dev.meshwright.reconcile.ControllerWrites.Written;
import dev.meshwright.store.BackupStates;
import dev.meshwright.store.BackupStates.Due;
import dev.meshwright.store.Change;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Snapshots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;

/**
 * Sends requests to the backup of a service that has no ready endpoint, and back, by an
 * Override that anybody can see and end.
 */
@Component
class Failover {

	static final String AUTHOR = "failover";

	private static final int MOST = 64;

	private static final Logger logger = LoggerFactory.getLogger(Failover.class);

	private final BackupStates states;

	private final Snapshots snapshots;

	private final Compiler compiler;

	private final ReadyEndpoints endpoints;

	private final ControllerWrites writes;

	private final BackupProperties properties;

	Failover(BackupStates states, Snapshots snapshots, Compiler compiler, ReadyEndpoints endpoints,
			ControllerWrites writes, BackupProperties properties) {
		this.states = states;
		this.snapshots = snapshots;
		this.compiler = compiler;
		this.endpoints = endpoints;
		this.writes = writes;
		this.properties = properties;
	}

	/**
	 * Looks at the services that are due, each on a thread of its own.
	 * @return how many there were
	 */
	int round(ExecutorService threads) throws InterruptedException {
		List<Due> due = this.states.claim(MOST, this.properties.interval());
		List<Future<?>> looks = new ArrayList<>();
		due.forEach((each) -> looks.add(threads.submit(() -> {
			look(each, threads);
			return null;
		})));
		for (Future<?> look : looks) {
			try {
				look.get();
			}
			catch (ExecutionException ex) {
				logger.warn("A service with a backup could not be looked at; it is in {}", this.properties.interval(),
						ex.getCause());
			}
		}
		return due.size();
	}

	private void look(Due due, ExecutorService threads) throws InterruptedException {
		ServiceRef service = new ServiceRef(due.policy().id().namespace(),
				Objects.requireNonNull(due.policy().spec().service()));
		Backup backup = Objects.requireNonNull(due.policy().spec().backup());
		Declared declared = this.snapshots.read((snapshot) -> new Declared(
				this.compiler.place(UnitId.placement(service.namespace(), service.name()), snapshot).clusters(),
				snapshot.index(Key.target(Kind.OVERRIDE, service.namespace(), service.name()), OverrideSpec.class)
					.stream()
					.filter((override) -> override.spec().change().backup() != null)
					.findFirst()));
		ReadyEndpoints.Look look = this.endpoints.look(service, declared.clusters, this.properties.interval(), threads);
		BackupMachine machine = new BackupMachine(backup, this.properties.patience());
		BackupMachine.Step step = machine.step(due.state(), look.seen(), declared.inForce(), due.now());
		boolean waits = step.act() == BackupMachine.Act.NOTHING && machine.hasRecovered(step.state(), due.now());
		String message = waits ? look.message() + " for long enough: requests go back when somebody deletes "
				+ declared.override.orElseThrow().id() : look.message();
		// an older look must not act on what a newer one has seen
		if (!this.states.keep(due, step.state(), look.seen(), message)) {
			return;
		}
		switch (step.act()) {
			case NOTHING -> {
			}
			case SWITCH -> switched(due, service, backup, step.state(), look);
			case FAIL_BACK -> failedBack(due, service, declared.override.orElseThrow(), step.state(), look);
		}
	}

	private void switched(Due due, ServiceRef service, Backup backup, BackupState state, ReadyEndpoints.Look look) {
		String reason = look.message() + " since " + state.since();
		ResourceId id = override(service);
		ObjectNode tree = tree(service, backup, reason);
		Change.Put put = new Change.Put(id, SpecBinder.stored(Kind.OVERRIDE, tree), tree, Map.of(), Map.of(),
				new Precondition(null, null, true));
		switch (this.writes.write(AUTHOR, put,
				"Send requests for " + service + " to its backup " + backup.service() + ": " + reason)) {
			case Written.Done done -> {
				logger.warn("{}: requests go to the backup {} by revision {}: {}", service, backup.service(),
						done.revision(), reason);
				BackupState now = new BackupState(Phase.SWITCHED, due.now(), state.knownAt(), due.now(),
						state.flaps() + 1);
				this.states.keep(due, now, look.seen(), look.message());
			}
			case Written.Overtaken _ -> this.states.keep(due, state, look.seen(),
					look.message() + "; " + id + " exists or something changed meanwhile: looked at again");
			case Written.Refused refused -> this.states.keep(due, state, look.seen(),
					look.message() + "; the backup cannot be used: " + refused.errors().getFirst().message());
		}
	}

	private void failedBack(Due due, ServiceRef service, Resource<OverrideSpec> override, BackupState state,
			ReadyEndpoints.Look look) {
		Change.Delete delete = new Change.Delete(override.id(),
				new Precondition(override.metadata().resourceVersion(), override.metadata().uid().toString(), false));
		if (this.writes.end(AUTHOR, delete, "Send requests for " + service + " back: " + look.message() + " since "
				+ state.since()) instanceof Written.Done done) {
			logger.info("{}: requests come back from the backup by revision {}", service, done.revision());
			this.states.keep(due, state.in(Phase.HEALTHY, due.now()), look.seen(), look.message());
		}
	}

	/** The override that this writes; nobody else's name for one is taken. */
	static ResourceId override(ServiceRef service) {
		return new ResourceId(Kind.OVERRIDE, service.namespace(), "failover-" + service.name());
	}

	private static ObjectNode tree(ServiceRef service, Backup backup, String reason) {
		ObjectNode tree = Json.mapper().createObjectNode();
		tree.putObject("target").put("service", service.name());
		tree.putObject("change").putObject("backup").put("service", backup.service());
		tree.put("reason", reason);
		return tree;
	}

	/** What is declared about a service at the time of a look. */
	private record Declared(SortedSet<String> clusters, Optional<Resource<OverrideSpec>> override) {

		InForce inForce() {
			return this.override
				.map((it) -> it.metadata().updatedBy().equals("system:" + AUTHOR) ? InForce.OURS : InForce.PEOPLE)
				.orElse(InForce.NOBODY);
		}

	}

}
