package dev.meshwright.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.meshwright.model.Permission;

/**
 * What an operation of the API demands of its caller. An operation without it is refused
 * to everybody.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {

	Permission value();

}
