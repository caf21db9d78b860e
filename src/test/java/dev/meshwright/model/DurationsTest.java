package dev.meshwright.model;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DurationsTest {

	@ParameterizedTest
	@CsvSource({ "250ms,PT0.25S,250ms", "3s,PT3S,3s", "1h30m,PT1H30M,1h30m", "0s,PT0S,0s", "90s,PT1M30S,1m30s",
			"1.5s,PT1.5S,1s500ms", "-5s,PT-5S,-5s", "10us,PT0.00001S,10us", "48h,PT48H,48h" })
	void readsAndWrites(String text, Duration duration, String written) {
		assertThat(Durations.parse(text)).contains(duration);
		assertThat(Durations.format(duration)).isEqualTo(written);
		assertThat(Durations.parse(written)).contains(duration);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "3", "s", "3 s", "PT3S", "1d", "1e3s", "9999999999h", "--1s", "1s-", "1s\n" })
	void refuses(String text) {
		assertThat(Durations.parse(text)).isEmpty();
	}

}
