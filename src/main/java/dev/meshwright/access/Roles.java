package dev.meshwright.access;

import java.util.EnumSet;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.Permission;
import dev.meshwright.store.Tokens;

/** What a token's role allows. */
final class Roles {

	/** May do everything, everywhere. */
	static final String ADMIN = "admin";

	private Roles() {
	}

	/** The caller that a token's holder is; a role that is not known allows nothing. */
	static Caller caller(Tokens.Holder holder) {
		return ADMIN.equals(holder.role())
				? new Caller(holder.owner(), EnumSet.allOf(Permission.class), NamespaceScope.all())
				: new Caller(holder.owner(), Set.of(), NamespaceScope.of(Set.of()));
	}

}
