package dev.meshwright.reconcile;

import dev.meshwright.compile.Compiler;
import dev.meshwright.store.Units;
import dev.meshwright.store.Upgrades;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Whether the compiler of this process may push yet. One that may not claims nothing and
 * answers no plan, so that nobody takes what it would do for what is done.
 */
@Component
class Lead {

	private static final Logger logger = LoggerFactory.getLogger(Lead.class);

	private final Upgrades upgrades;

	private final Units units;

	private final int version;

	private final boolean hold;

	private volatile boolean leads;

	private volatile boolean held;

	@Autowired
	Lead(Upgrades upgrades, Units units, Compiler compiler, UpgradeProperties properties, MeterRegistry meters) {
		this(upgrades, units, compiler.version(), properties.hold(), meters);
	}

	Lead(Upgrades upgrades, Units units, int version, boolean hold, MeterRegistry meters) {
		this.upgrades = upgrades;
		this.units = units;
		this.version = version;
		this.hold = hold;
		meters.gauge("meshwright.upgrade.held", this, (lead) -> lead.held ? 1 : 0);
	}

	/** The version of the compiler. */
	int version() {
		return this.version;
	}

	/**
	 * Whether it may push. When it begins to, everything is compiled anew: what others
	 * compiled meanwhile is as they know it.
	 */
	boolean leads() {
		if (!this.leads) {
			boolean now = this.upgrades.leads(this.version, this.hold);
			if (now && this.held) {
				this.units.lead(this.version);
				logger.info("Compiler version {} leads from now on", this.version);
			}
			if (!now && !this.held) {
				logger.warn("Compiler version {} pushes nothing until an operator has seen what it would change and "
						+ "lets it; see GET /api/v1/upgrades", this.version);
			}
			this.held = !now;
			this.leads = now;
		}
		return this.leads;
	}

}
