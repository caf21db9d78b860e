package dev.meshwright.local;

import java.io.IOException;
import java.nio.file.Path;

import dev.meshwright.store.Commits;
import dev.meshwright.store.Resources;
import dev.meshwright.store.Revisions;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;

/**
 * The local run: a database, a cluster and a token where none are configured. Its
 * properties are defaults, below everything that the user configures.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(LocalRun.class)
@PropertySource("classpath:dev/meshwright/local/local.properties")
class LocalConfiguration {

	@Bean
	LocalDirectory localDirectory(@Value("${meshwright.local.directory}") String path) {
		return LocalDirectory.open(Path.of(path));
	}

	@Bean
	LocalPostgres localPostgres(LocalDirectory directory) {
		return LocalPostgres.start(directory);
	}

	@Bean
	SandboxCluster sandboxCluster(Resources resources, Revisions revisions, Commits commits) {
		return new SandboxCluster(resources, revisions, commits);
	}

	@Bean
	Welcome welcome(LocalDirectory directory) throws IOException {
		return new Welcome(directory.token());
	}

}
