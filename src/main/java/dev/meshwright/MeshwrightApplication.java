package dev.meshwright;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * The process: one Spring Boot application that serves the API and reconciles clusters.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class MeshwrightApplication {

	public static void main(String[] args) {
		SpringApplication.run(MeshwrightApplication.class, args);
	}

}
