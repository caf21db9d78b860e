package dev.meshwright.model;

import java.util.Set;

/**
 * Who is calling and what they may do. Every use case takes one; nothing is done in
 * nobody's name.
 *
 * @param name the name that history and audit record
 * @param permissions what the caller may do
 * @param namespaces which namespaces' resources the caller may see
 */
public record Caller(String name, Set<Permission> permissions, NamespaceScope namespaces) {

	public Caller {
		permissions = Set.copyOf(permissions);
	}

	/** A part of Meshwright itself, acting in its own name: {@code system:<part>}. */
	public static Caller system(String part) {
		return new Caller("system:" + part, Set.of(Permission.values()), NamespaceScope.all());
	}

	public boolean may(Permission permission) {
		return this.permissions.contains(permission);
	}

}
