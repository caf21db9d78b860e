package dev.meshwright.api;

import java.util.List;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The API's document: paths from the controllers, schemas from the records. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

	private static final String ABOUT = "Declare services, how requests reach them and where they run; Meshwright compiles "
			+ "the declarations into Kubernetes and mesh objects and pushes them. Every body may be JSON or YAML, in and out.\n\n"
			+ "To try it: *Authorize* with a token, then execute the examples as they are. They build on each other: "
			+ "Cluster, Namespace, Service, RoutingPolicy; the change set has all four. The cluster of the examples is a "
			+ "sandbox, which keeps objects without running anything.";

	@Bean
	OpenAPI openApi() {
		return new OpenAPI(SpecVersion.V31).info(new Info().title("Meshwright").version("v1").description(ABOUT))
			.servers(List.of(new Server().url("/").description("The server that serves this document")))
			.components(new Components().addSecuritySchemes("token", new SecurityScheme().type(SecurityScheme.Type.HTTP)
				.scheme("bearer")
				.description("A token that an administrator issued; the local run writes one to .meshwright/token")))
			.addSecurityItem(new SecurityRequirement().addList("token"));
	}

	/** Carries what an operation says of itself to where paths are expanded by kind. */
	@Bean
	OperationCustomizer describedOperations() {
		return (operation, method) -> {
			Described described = method.getMethodAnnotation(Described.class);
			if (described != null) {
				operation.addExtension(DescribedPaths.DESCRIBED, described);
			}
			return operation;
		};
	}

	@Bean
	OpenApiCustomizer describedPaths() {
		return (api) -> new DescribedPaths(api).describe();
	}

}
