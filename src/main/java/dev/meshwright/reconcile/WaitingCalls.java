package dev.meshwright.reconcile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;

import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for room in a lane, each kind in the order in which it came: urgent
 * ones first, but every fourth place goes to the others, lest they starve. Guarded by the
 * lane's lock.
 */
final class WaitingCalls {

	private static final int IN_A_ROW = 3;

	private final Deque<Waiting> urgent = new ArrayDeque<>();

	private final Deque<Waiting> others = new ArrayDeque<>();

	private int inARow;

	/** One that waits. */
	static final class Waiting {

		final Condition turn;

		final boolean urgent;

		/** Whether it was told to look again: it has a place, or the lane was closed. */
		boolean called;

		/** Whether a place was given to it. */
		boolean admitted;

		private Waiting(boolean urgent, Condition turn) {
			this.urgent = urgent;
			this.turn = turn;
		}

		private void call(boolean admit) {
			this.called = true;
			this.admitted = admit;
			this.turn.signal();
		}

	}

	Waiting add(boolean isUrgent, Condition turn) {
		Waiting waiting = new Waiting(isUrgent, turn);
		(isUrgent ? this.urgent : this.others).add(waiting);
		return waiting;
	}

	void remove(Waiting waiting) {
		this.urgent.remove(waiting);
		this.others.remove(waiting);
	}

	/** Whether somebody waits behind whom a call has to queue. */
	boolean isBefore(boolean isUrgent) {
		return !this.urgent.isEmpty() || (!isUrgent && !this.others.isEmpty());
	}

	/**
	 * Gives a place to whoever is next.
	 * @param roomForOthers whether calls that are not urgent may have it, too
	 * @return who has it now; null when nobody may who waits
	 */
	@Nullable Waiting admitNext(boolean roomForOthers) {
		@Nullable Waiting next = next(roomForOthers);
		if (next != null) {
			next.call(true);
		}
		return next;
	}

	private @Nullable Waiting next(boolean roomForOthers) {
		boolean turnOfOthers = roomForOthers
				&& (this.urgent.isEmpty() || (this.inARow >= IN_A_ROW && !this.others.isEmpty()));
		this.inARow = turnOfOthers ? 0 : this.inARow + 1;
		return (turnOfOthers ? this.others : this.urgent).poll();
	}

	/** Sends everybody away, without a place. */
	void dismissAll() {
		this.urgent.forEach((waiting) -> waiting.call(false));
		this.others.forEach((waiting) -> waiting.call(false));
		this.urgent.clear();
		this.others.clear();
	}

}
