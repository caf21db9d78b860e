package dev.meshwright.model;

import java.lang.reflect.RecordComponent;

/**
 * The names that a record's components have in documents: their own, without the
 * underscore at the end where Java reserves the name, as in {@code default_}.
 */
public final class FieldNames {

	private FieldNames() {
	}

	public static String of(RecordComponent component) {
		return of(component.getName());
	}

	/** The name in documents of a component of this name. */
	public static String of(String component) {
		return component.endsWith("_") ? component.substring(0, component.length() - 1) : component;
	}

}
