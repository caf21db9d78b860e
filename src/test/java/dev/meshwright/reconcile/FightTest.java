package dev.meshwright.reconcile;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FightTest {

	@Test
	void eachStepIsTwiceAsLongUpToFiveMinutes() {
		for (int forced = 1; forced < 8; forced++) {
			assertThat(Fight.step(forced + 1)).isEqualTo(Fight.step(forced).multipliedBy(2));
		}
		assertThat(Fight.step(9)).isEqualTo(Duration.ofMinutes(5));
		assertThat(Fight.step(1_000_000)).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void theFirstTimeIsDriftAndTheSecondIsAFight() {
		assertThat(Fight.isOn(1)).isFalse();
		assertThat(Fight.isOn(2)).isTrue();
	}

}
