package dev.meshwright.model.plan;

/** What a push would do to an object, or why it would do nothing. */
public enum PlannedAction {

	/** It does not exist and would be made. */
	CREATE("create"),

	/** Fields of it would change. */
	UPDATE("update"),

	/** It would be deleted. */
	DELETE("delete"),

	/** It would stay, without the fields that are ours. */
	RELEASE("release"),

	/** It is as it should be. */
	UNCHANGED("unchanged"),

	/** It is not ours, or another manager has a field: it would be left alone. */
	CONFLICT("conflict"),

	/** The cluster would refuse it, or it cannot be changed at present. */
	REFUSED("refused"),

	/** It would not be touched until an operator releases it. */
	HELD("held"),

	/** Nothing yields it any more, but no committed revision took it away: it stays. */
	ORPHANED("orphaned"),

	/** The cluster did not answer. */
	UNKNOWN("unknown");

	private final String text;

	PlannedAction(String text) {
		this.text = text;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
