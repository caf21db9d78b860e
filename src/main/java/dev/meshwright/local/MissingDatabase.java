package dev.meshwright.local;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Ends the start of a packaged application that was given no database, before anything
 * else fails for that reason and says it less plainly.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(LocalRun.WithoutDatabase.class)
class MissingDatabase {

	@Bean
	static BeanFactoryPostProcessor refuseToStart() {
		return (beanFactory) -> {
			throw new NotConfigured();
		};
	}

	/** No database address is configured. */
	static final class NotConfigured extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NotConfigured() {
			super("no database address is configured");
		}

	}

	/** Says what to set. */
	static final class Analyzer extends AbstractFailureAnalyzer<NotConfigured> {

		@Override
		protected FailureAnalysis analyze(Throwable rootFailure, NotConfigured cause) {
			return new FailureAnalysis("Meshwright keeps everything in Postgres and no database address is configured.",
					"Set the property spring.datasource.url (environment variable SPRING_DATASOURCE_URL), for example"
							+ " jdbc:postgresql://db:5432/meshwright, and with it spring.datasource.username and"
							+ " spring.datasource.password (SPRING_DATASOURCE_USERNAME, SPRING_DATASOURCE_PASSWORD).",
					cause);
		}

	}

}
