package dev.meshwright.reconcile;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How services with a backup are looked at.
 *
 * @param interval how often the endpoints of each are read, on every cluster where it is
 * placed
 */
@ConfigurationProperties("meshwright.backup")
record BackupProperties(@DefaultValue("5s") Duration interval) {

	private static final int PATIENCE = 4;

	/** So many looks may be missed before what was seen is doubted. */
	Duration patience() {
		return this.interval.multipliedBy(PATIENCE);
	}

}
