package dev.meshwright.compile;

import dev.meshwright.model.ResourceId;

/**
 * A value with the place where it was declared.
 *
 * @param <T> the value's type
 * @param value the value
 * @param resource the declaration
 * @param pointer JSON pointer in that declaration's document
 */
record Said<T>(T value, ResourceId resource, String pointer) {

	At at(Findings findings) {
		return new At(findings, this.resource, this.pointer);
	}

}
