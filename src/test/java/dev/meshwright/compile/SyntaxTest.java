package dev.meshwright.compile;

import java.math.BigDecimal;
import java.util.List;

import dev.meshwright.model.ResourceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SyntaxTest {

	private final Findings findings = new Findings();

	private final At at = this.findings.spec(ResourceId.cluster("east"));

	@ParameterizedTest
	@ValueSource(
			strings = { "10.0.0.1", "0.0.0.0/0", "2001:db8::/32", "::1", "::", "::ffff:10.0.0.1", "1:2:3:4:5:6:7:8" })
	void addresses(String text) {
		Hosts.cidr(text, this.at);
		assertThat(this.findings.sorted()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "10.0.0", "10.0.0.256", "10.0.0.1.", "01.0.0.1", "10.0.0.0/33", "10.0.0.0/-1",
			"::1/129", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "host" })
	void noAddresses(String text) {
		Hosts.cidr(text, this.at);
		assertThat(this.findings.sorted()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "shop.example.com", "*.example.com", "xn--mnchen-3ya.de", "1a.example.com" })
	void hosts(String host) {
		assertThat(Hosts.isDns(host)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "*", "a.", ".a", "A.example.com", "münchen.de", "a..b", "-a.b", "a.*.b", "10.0.0.1",
			"a_b.c" })
	void noHosts(String host) {
		assertThat(Hosts.isDns(host)).isFalse();
	}

	@Test
	void theMostExactClaimComesFirst() {
		assertThat(Hosts.covering("a.example.com")).isEqualTo(List.of("a.example.com", "*.example.com", "*.com"));
		assertThat(Hosts.covering("*.example.com")).isEqualTo(List.of("*.example.com", "*.com"));
	}

	@ParameterizedTest
	@CsvSource({ "1500m, 1.5", "64Mi, 67108864", "2k, 2000", "1e3, 1000", ".5, 0.5", "3, 3" })
	void quantities(String text, BigDecimal amount) {
		assertThat(Values.quantity(text, this.at).orElseThrow()).isEqualByComparingTo(amount);
	}

	@Test
	void nearestNamesAreHints() {
		assertThat(Names.nearest("reviws", List.of("ratings", "reviews"))).contains("'reviews'");
		assertThat(Names.nearest("abc", List.of("xyz"))).isEmpty();
	}

}
