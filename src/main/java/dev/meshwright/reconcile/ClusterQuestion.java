package dev.meshwright.reconcile;

import java.util.Optional;

import dev.meshwright.store.Jobs;

/**
 * One kind of job that needs a live cluster: the API submits it and waits, a reconciling
 * replica does it. One bean each; {@link ClusterQuestions} claims, renews and ends them.
 */
interface ClusterQuestion {

	/** The jobs that this does. */
	Jobs.Task task();

	/**
	 * Does a job, perhaps not for the first time: the process that did it before may have
	 * died at any point.
	 * @param claim the job, in whose owner's name it is done
	 * @param lanes the ways to the clusters
	 * @return what was found, a JSON document; empty when the job was ended already
	 * together with what it stored
	 * @throws Refusal it cannot be done; the caller is told
	 */
	Optional<String> answer(Jobs.Claim claim, Lanes lanes) throws InterruptedException;

}
