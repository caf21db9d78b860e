package dev.meshwright.store;

/** The statements that change many units at once. */
final class UnitUpdates {

	/** Since when there is something to do: that stays as long as there is. */
	static final String DIRTY_SINCE = """
			dirty_since = case when u.dirty_revision > u.done_revision or u.resync or u.continues
				then u.dirty_since else now() end""";

	/** Has units look again, without causing a tombstone. */
	static final String RESYNC = "resync = true, not_before = least(u.not_before, now()), " + DIRTY_SINCE;

	private UnitUpdates() {
	}

	/**
	 * The statement that changes many units: their rows are locked in the order of their
	 * keys first, as everybody does who locks many, because an update by itself locks in
	 * whatever order its plan meets them.
	 * @param which what follows {@code from unit u}: joins and conditions
	 * @param set the assignments, in which {@code u} is the unit
	 */
	static String update(String which, String set) {
		return update(which, "", set);
	}

	/**
	 * The same, where the assignments need columns of what was joined.
	 * @param columns of {@code which}, separated by commas; they are those of
	 * {@code chosen} in the assignments
	 */
	static String update(String which, String columns, String set) {
		return update(which, columns, "", set);
	}

	/** The same for those that nobody has locked at the moment. */
	static String updateUnlocked(String which, String set) {
		return update(which, "", " skip locked", set);
	}

	private static String update(String which, String columns, String locked, String set) {
		return """
				with chosen as materialized (
					select u.cluster, u.namespace, u.service%s from unit u
					%s
					order by u.cluster, u.namespace, u.service for update of u%s)
				update unit u set %s
				from chosen where chosen.cluster = u.cluster and chosen.namespace = u.namespace
					and chosen.service = u.service""".formatted(columns.isEmpty() ? "" : ", " + columns, which, locked,
				set);
	}

}
