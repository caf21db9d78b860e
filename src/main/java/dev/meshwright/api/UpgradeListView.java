package dev.meshwright.api;

import java.time.Instant;
import java.util.List;

import dev.meshwright.model.plan.UpgradePreview;
import dev.meshwright.store.Upgrades;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the compiler that have run here.
 *
 * @param kind always {@code UpgradeList}
 * @param items the newest first
 */
record UpgradeListView(String kind, List<UpgradeView> items) {

	static UpgradeListView of(List<Upgrades.Upgrade> upgrades) {
		return new UpgradeListView("UpgradeList", upgrades.stream().map(UpgradeView::of).toList());
	}

	/**
	 * A version of the compiler.
	 *
	 * @param version the version
	 * @param held whether it pushes nothing until an operator lets it
	 * @param leadsSince since when it may push; absent while it is held
	 * @param releasedBy who let it; absent where nobody had to
	 * @param digest a hash of everything that it would change, by which it is let go on;
	 * absent until a replica of it has looked
	 * @param checkedAt when it was found what it would change
	 * @param preview what it would change
	 */
	record UpgradeView(int version, boolean held, @Nullable Instant leadsSince, @Nullable String releasedBy,
			@Nullable String digest, @Nullable Instant checkedAt, @Nullable UpgradePreview preview) {

		static UpgradeView of(Upgrades.Upgrade upgrade) {
			return new UpgradeView(upgrade.version(), upgrade.leadsSince() == null, upgrade.leadsSince(),
					upgrade.releasedBy(), upgrade.digest(), upgrade.checkedAt(), upgrade.preview());
		}

	}

}
