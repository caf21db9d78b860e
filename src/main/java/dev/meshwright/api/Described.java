package dev.meshwright.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How the API's document describes an operation. {@code {kind}} stands for each kind. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Described {

	/** The operationId; of an operation on every kind, its verb. */
	String id();

	String summary();

	/** The record that is answered; Void for none that a schema can describe. */
	Class<?> answer();

	/** The statuses of success, the usual one first. */
	int[] status() default 200;

	/** The record of the request's body; Void for a resource, a change set or none. */
	Class<?> body() default Void.class;

	/** The body's example, as JSON; needed with {@link #body()}. */
	String example() default "";

	/** Whether it writes, and so knows preconditions and diagnostics. */
	boolean write() default false;

}
