package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.document.Json;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.History;
import dev.meshwright.store.Revisions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpStatus;

/**
 * The change set that restores earlier states. Each item expects the very state that it
 * replaces, so that nothing that others write meanwhile is lost.
 *
 * @param items the changes
 * @param differences what they change, field by field
 */
record Restoration(List<Writes.Item> items, List<RevisionViews.DiffView> differences) {

	/**
	 * Goes back from what is declared to what was.
	 * @param from each resource as it was ({@code before}) and as it is ({@code after})
	 * @throws ApiFailure 422 when this version cannot declare what was
	 */
	static Restoration of(List<History.Difference> from) {
		List<ShapeError> errors = new ArrayList<>();
		List<Writes.Item> items = new ArrayList<>();
		from.forEach((difference) -> item(difference, items, errors));
		if (!errors.isEmpty()) {
			throw ApiFailure.of(HttpStatus.UNPROCESSABLE_CONTENT, errors);
		}
		return new Restoration(items,
				RevisionViews.diff(from.stream()
					.map((difference) -> new Revisions.RevisionChange(difference.id(), declared(difference.after()),
							declared(difference.before())))
					.toList()));
	}

	private static void item(History.Difference difference, List<Writes.Item> items, List<ShapeError> errors) {
		ResourceId id = difference.id();
		Precondition expected = (difference.after() != null)
				? new Precondition(Long.toString(difference.revision()), null, false)
				: new Precondition(null, null, true);
		@Nullable ObjectNode document = declared(difference.before());
		if (document == null) {
			items.add(item(new Change.Delete(id, expected)));
			return;
		}
		Declarations.Reading reading = Declarations.at(id, document);
		reading.errors()
			.forEach((error) -> errors.add(new ShapeError(error.pointer(), error.code(),
					"It was declared so by another version, and this one refuses it: " + error.message(),
					id.toString())));
		reading.declared().ifPresent((declared) -> items.add(item(declared.with(expected))));
	}

	/**
	 * What comes back of an image, as a caller would send it: not which incarnation it
	 * was.
	 */
	private static @Nullable ObjectNode declared(@Nullable ObjectNode image) {
		if (image == null) {
			return null;
		}
		ObjectNode document = Json.mapper().createObjectNode();
		ObjectNode metadata = document.putObject("metadata");
		metadata.set("labels", image.at("/metadata/labels"));
		metadata.set("annotations", image.at("/metadata/annotations"));
		document.set("spec", image.get("spec"));
		return document;
	}

	private static Writes.Item item(Change change) {
		return new Writes.Item(change, null, HttpStatus.CONFLICT);
	}

}
