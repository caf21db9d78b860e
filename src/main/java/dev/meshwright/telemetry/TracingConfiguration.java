package dev.meshwright.telemetry;

import io.micrometer.observation.ObservationPredicate;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Observes what we do only where it becomes a trace. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

	@Bean
	ObservationPredicate ownSteps(Environment environment) {
		boolean on = TracingOnDemand.isOn(environment);
		return (name, context) -> on || !name.startsWith(Traced.PREFIX);
	}

}
