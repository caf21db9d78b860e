package dev.meshwright.store;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

import dev.meshwright.model.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Clusters to which nothing is pushed, because what was found there does not fit this
 * database. What an operator releases is what was found, and nothing that is found later.
 */
public interface Halts {

	/**
	 * Keeps that a cluster is halted. The same finding as before keeps its time and its
	 * release; another one takes its place, unreleased.
	 * @return what is kept now
	 */
	Halt halt(String cluster, Reason reason, Finding finding, String message);

	/** The cause is gone, or the release was carried out. */
	void lift(String cluster);

	/** The halts of clusters, by name; of one that is not halted there is none. */
	Map<String, Halt> of(Collection<String> clusters);

	/**
	 * Releases what was found, which reconcile carries out; audited.
	 * @return whether this was what is found now; otherwise nothing is released
	 */
	boolean release(Caller caller, String cluster, Finding finding);

	/** Why a cluster is halted. */
	enum Reason {

		/** The connection reaches another cluster than before. */
		WRONG_CLUSTER("WrongCluster"),

		/** Another installation pushes there, or did. */
		FOREIGN_INSTALLATION("ForeignInstallation"),

		/** This installation has pushed a revision there that the database lacks. */
		OLDER_DATABASE("OlderDatabase");

		private final String text;

		Reason(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/**
	 * What was found.
	 *
	 * @param clusterUid the uid of the cluster's kube-system namespace
	 * @param installation the id of the installation that pushes there, or null when it
	 * is not the point
	 * @param revision the revision that it has pushed, or null when it is not the point
	 */
	record Finding(String clusterUid, @Nullable String installation, @Nullable Long revision) {
	}

	/**
	 * A halt.
	 *
	 * @param reason why
	 * @param finding what was found
	 * @param message what is wrong and what can be done
	 * @param since when it was found first
	 * @param releasedBy who released it, or null
	 */
	record Halt(Reason reason, Finding finding, String message, Instant since, @Nullable String releasedBy) {

		/** Whether an operator has released it. */
		public boolean released() {
			return this.releasedBy != null;
		}

	}

}
