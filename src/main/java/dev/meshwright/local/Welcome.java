package dev.meshwright.local;

import java.nio.file.Path;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/** Tells a person at a terminal where to go, once the server answers. */
final class Welcome {

	private static final Logger logger = LoggerFactory.getLogger(Welcome.class);

	private final Path token;

	Welcome(Path token) {
		this.token = token;
	}

	@EventListener
	void ready(ApplicationReadyEvent event) {
		Environment environment = event.getApplicationContext().getEnvironment();
		String port = environment.getProperty("local.server.port");
		if (port == null) {
			return;
		}
		String address = "http://" + environment.getProperty("server.address", "127.0.0.1") + ":" + port;
		logger.info("""
				Meshwright is ready.
				  API         {}/api/v1
				  Swagger UI  {}/swagger-ui.html
				  Token       {}""", address, address, this.token);
	}

}
