package dev.meshwright.telemetry;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Leaves out everything about tracing while nobody says where traces go: no exporter, no
 * tracer, nothing to pay for. Spring Boot would trace without an exporter.
 */
public final class TracingOnDemand implements AutoConfigurationImportFilter, EnvironmentAware {

	/**
	 * Where traces go, the URL of a collector's OTLP/HTTP endpoint. Spring Boot sets it
	 * from {@code OTEL_EXPORTER_OTLP_ENDPOINT} and
	 * {@code OTEL_EXPORTER_OTLP_TRACES_ENDPOINT}, too.
	 */
	public static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

	private static final List<String> TRACING = List.of("org.springframework.boot.micrometer.tracing.",
			"org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdk");

	/** Logs and metrics go their own ways. */
	private static final String LOGGING = "org.springframework.boot.opentelemetry.autoconfigure.logging.";

	private boolean on;

	/** Whether somebody says where traces go. */
	public static boolean isOn(Environment environment) {
		return StringUtils.hasText(environment.getProperty(ENDPOINT));
	}

	@Override
	public void setEnvironment(Environment environment) {
		this.on = isOn(environment);
	}

	@Override
	public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[configurations.length];
		for (int index = 0; index < configurations.length; index++) {
			matches[index] = isImported(configurations[index]);
		}
		return matches;
	}

	private boolean isImported(@Nullable String configuration) {
		return configuration == null || (!configuration.startsWith(LOGGING)
				&& (this.on || TRACING.stream().noneMatch(configuration::startsWith)));
	}

}
