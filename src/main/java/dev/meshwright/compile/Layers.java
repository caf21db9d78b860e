package dev.meshwright.compile;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** Lays what one level declares over what the level above does, field by field. */
final class Layers {

	private Layers() {
	}

	/**
	 * What holds of two specs of one type: of records in them each field on its own, of
	 * anything else what the nearer level says. Lists and maps replace.
	 * @param above what holds so far
	 * @param below what the nearer level declares
	 */
	static <R extends Record> R over(R above, R below) {
		RecordComponent[] components = below.getClass().getRecordComponents();
		Object[] values = Arrays.stream(components)
			.map((component) -> field(read(component, above), read(component, below)))
			.toArray();
		Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
		try {
			@SuppressWarnings("unchecked")
			R merged = (R) below.getClass().getDeclaredConstructor(types).newInstance(values);
			return merged;
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(below.getClass() + " of a spec cannot be made", ex);
		}
	}

	private static @Nullable Object field(@Nullable Object above, @Nullable Object below) {
		return (above instanceof Record upper && below instanceof Record lower && upper.getClass() == lower.getClass())
				? over(upper, lower) : (below != null) ? below : above;
	}

	private static @Nullable Object read(RecordComponent component, Record fields) {
		try {
			return component.getAccessor().invoke(fields);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(component + " of a spec cannot be read", ex);
		}
	}

}
