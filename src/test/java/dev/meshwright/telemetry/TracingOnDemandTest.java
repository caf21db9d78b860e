package dev.meshwright.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class TracingOnDemandTest {

	private static final List<String> ALL = ImportCandidates
		.load(AutoConfiguration.class, TracingOnDemandTest.class.getClassLoader())
		.getCandidates();

	@Test
	void withoutAnEndpointNothingOfItIsConfigured() {
		List<String> left = imported("");
		assertThat(left).noneMatch((name) -> name.contains("racing") || name.contains("pentelemetry"));
		assertThat(left).as("and everything else is")
			.hasSizeGreaterThan(20)
			.contains("org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration");
	}

	@Test
	void withAnEndpointTracesAreAndLogsAreNotSentElsewhere() {
		assertThat(imported("http://127.0.0.1:4318/v1/traces"))
			.anyMatch((name) -> name.endsWith(".OtlpTracingAutoConfiguration"))
			.anyMatch((name) -> name.endsWith(".OpenTelemetrySdkAutoConfiguration"))
			.anyMatch((name) -> name.endsWith(".MicrometerTracingAutoConfiguration"))
			.noneMatch((name) -> name.contains("opentelemetry.autoconfigure.logging"));
	}

	private static List<String> imported(String endpoint) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of(TracingOnDemand.ENDPOINT, endpoint)));
		TracingOnDemand filter = new TracingOnDemand();
		filter.setEnvironment(environment);
		boolean[] matches = filter.match(ALL.toArray(String[]::new), metadata());
		List<String> imported = new ArrayList<>();
		for (int index = 0; index < matches.length; index++) {
			if (matches[index]) {
				imported.add(ALL.get(index));
			}
		}
		return imported;
	}

	/** Nothing is known about any of them. */
	private static AutoConfigurationMetadata metadata() {
		return (AutoConfigurationMetadata) java.lang.reflect.Proxy.newProxyInstance(
				TracingOnDemandTest.class.getClassLoader(), new Class<?>[] { AutoConfigurationMetadata.class },
				(proxy, method, arguments) -> null);
	}

}
