package dev.meshwright.model;

/**
 * What a resource says: one record a {@link Kind}. The set is closed by {@link Kind}, not
 * by {@code sealed}, which would force all of them into one package.
 */
public interface Spec {

}
