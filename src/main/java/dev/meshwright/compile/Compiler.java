package dev.meshwright.compile;

import java.util.List;

import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;

/**
 * Compiles units. The same function validates writes, previews them and feeds the push,
 * so that what is accepted is what is pushed. Holds no state; safe for use by many
 * threads.
 */
public final class Compiler {

	private final List<Renderer> renderers;

	private final CompilerSettings settings;

	public Compiler(List<Renderer> renderers, CompilerSettings settings) {
		this.renderers = List.copyOf(renderers);
		this.settings = settings;
	}

	/**
	 * Compiles one service or namespace on one cluster. A unit whose subject is not
	 * declared, or is not placed on the cluster, compiles to no manifests without error.
	 * @param unit a unit with a cluster
	 * @param snapshot what to read from
	 */
	public Compilation compile(UnitId unit, Snapshot snapshot) {
		throw new IllegalStateException(this.renderers + " " + this.settings + unit + snapshot);
	}

	/**
	 * Decides on which clusters a service or namespace has units, and makes the checks
	 * that need no cluster.
	 * @param placement a unit without a cluster
	 * @param snapshot what to read from
	 */
	public Placement place(UnitId placement, Snapshot snapshot) {
		throw new IllegalStateException(placement + " " + snapshot);
	}

}
