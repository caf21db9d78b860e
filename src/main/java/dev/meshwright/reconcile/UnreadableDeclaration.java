package dev.meshwright.reconcile;

import java.util.Collection;

import dev.meshwright.model.Key;
import dev.meshwright.store.Snapshots.StoredSnapshot;

/**
 * A stored declaration cannot be read. To go on as if it were not there would take away
 * what it declares.
 */
final class UnreadableDeclaration extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private UnreadableDeclaration(String message) {
		super(message);
	}

	/** Throws one when something under these keys could not be read. */
	static void refuse(StoredSnapshot snapshot, Collection<Key> reads) {
		snapshot.unreadable(reads).ifPresent((id) -> {
			throw new UnreadableDeclaration(id + " is stored but cannot be read, because it is damaged or was written "
					+ "by a newer version; what was pushed before is kept. Declare it anew, or run that version");
		});
	}

}
