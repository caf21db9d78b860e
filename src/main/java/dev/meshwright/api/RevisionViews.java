package dev.meshwright.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.meshwright.document.Pointers;
import dev.meshwright.store.Revisions.Revision;
import dev.meshwright.store.Revisions.RevisionChange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The history as it is answered. */
final class RevisionViews {

	private RevisionViews() {
	}

	static RevisionView of(Revision revision) {
		return new RevisionView(revision.number(), revision.author(), revision.message(), revision.timestamp(),
				revision.changes().stream().map(RevisionViews::changed).toList());
	}

	static List<DiffView> diff(List<RevisionChange> changes) {
		return changes.stream().map((change) -> {
			List<FieldDiff> fields = new ArrayList<>();
			walk("", tree(change.before()), tree(change.after()), fields);
			return new DiffView(changed(change), fields);
		}).toList();
	}

	private static ChangedView changed(RevisionChange change) {
		String outcome = (change.before() == null) ? "created" : (change.after() == null) ? "deleted" : "updated";
		return new ChangedView(change.id().kind().toString(),
				change.id().namespace().isEmpty() ? null : change.id().namespace(), change.id().name(), outcome);
	}

	private static JsonNode tree(@Nullable ObjectNode image) {
		return (image != null) ? image : JsonNodeFactory.instance.objectNode();
	}

	private static void walk(String pointer, @Nullable JsonNode from, @Nullable JsonNode to, List<FieldDiff> fields) {
		if (from != null && from.isObject() && to != null && to.isObject()) {
			TreeSet<String> names = new TreeSet<>(from.propertyNames());
			names.addAll(to.propertyNames());
			names.forEach((name) -> walk(pointer + "/" + Pointers.escape(name), from.get(name), to.get(name), fields));
		}
		else if (from != null && from.isArray() && to != null && to.isArray() && from.size() == to.size()) {
			for (int i = 0; i < from.size(); i++) {
				walk(pointer + "/" + i, from.get(i), to.get(i), fields);
			}
		}
		else if (from == null || !from.equals(to)) {
			fields.add(new FieldDiff(pointer, from, to));
		}
	}

	/**
	 * One page of the history, newest first.
	 *
	 * @param kind always {@code RevisionList}
	 * @param items the revisions
	 * @param next what to send as {@code before} for the next page; absent on the last
	 */
	record RevisionListView(String kind, List<RevisionView> items, @Nullable Long next) {
	}

	/**
	 * One committed change set.
	 *
	 * @param revision its number
	 * @param author who committed it
	 * @param message why
	 * @param timestamp when
	 * @param changes what it changed
	 */
	record RevisionView(long revision, String author, String message, Instant timestamp, List<ChangedView> changes) {
	}

	/**
	 * A resource that was changed.
	 *
	 * @param kind its kind
	 * @param namespace its namespace; absent for a kind that lives in none
	 * @param name its name
	 * @param change created, updated or deleted
	 */
	record ChangedView(String kind, @Nullable String namespace, String name, String change) {
	}

	/**
	 * What differs between two revisions.
	 *
	 * @param kind always {@code RevisionDiff}
	 * @param from the older revision
	 * @param to the newer revision
	 * @param items the resources that differ
	 * @param next the token to send as {@code continue} for the next page; absent on the
	 * last one
	 */
	record RevisionDiffView(String kind, long from, long to, List<DiffView> items,
			@JsonProperty("continue") @Nullable String next) {
	}

	/**
	 * How one resource differs.
	 *
	 * @param resource which one
	 * @param fields every field that differs; a list that became longer or shorter is one
	 * field
	 */
	record DiffView(ChangedView resource, List<FieldDiff> fields) {
	}

	/**
	 * How one field differs.
	 *
	 * @param pointer where it is, a JSON pointer
	 * @param from its value before; absent when there was none
	 * @param to its value after; absent when there is none
	 */
	record FieldDiff(String pointer, @Nullable JsonNode from, @Nullable JsonNode to) {
	}

}
