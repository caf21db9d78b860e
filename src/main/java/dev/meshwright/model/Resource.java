package dev.meshwright.model;

/**
 * One declaration as stored.
 *
 * @param <S> the spec's type
 * @param id which resource it is
 * @param metadata what the server knows of it
 * @param spec what it says, as sent: nothing defaulted
 */
public record Resource<S extends Spec>(ResourceId id, Metadata metadata, S spec) {

	/**
	 * This resource with its spec's type known.
	 * @param type the type expected
	 * @throws ClassCastException when the spec is of another kind
	 */
	public <T extends Spec> Resource<T> as(Class<T> type) {
		return new Resource<>(this.id, this.metadata, type.cast(this.spec));
	}

}
