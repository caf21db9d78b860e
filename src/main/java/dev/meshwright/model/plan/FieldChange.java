package dev.meshwright.model.plan;

import org.jspecify.annotations.Nullable;

/**
 * One field that a push would change. Values that may be secret are masked: they show as
 * {@code ***}, whether or not they differ in sight.
 *
 * @param pointer JSON pointer into the object as it would be; of a field that goes, as it
 * is
 * @param before the live value; absent when there is none
 * @param after the value that it would have; absent when the field goes
 * @param manager the other field manager that the API server says has the field now;
 * absent when it is ours, nobody's, or not known
 */
public record FieldChange(String pointer, @Nullable Object before, @Nullable Object after, @Nullable String manager) {
}
