package dev.meshwright.provider.kubernetes;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ExposureTest {

	static final String WEBAPP = """
			ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
			versions:
			  - {name: v1, workload: {image: "nginx:1.29"}}
			  - {name: v2, workload: {image: "nginx:1.30"}}
			""";

	static final String PLAIN = WEBAPP + "exposure: {hosts: [shop.example.com], gateway: public}\n";

	static final String SECURE = WEBAPP + """
			exposure:
			  hosts: [shop.example.com, "*.shop.example.com"]
			  gateway: public
			  tls: {credentialName: shop-cert}
			""";

	static final String RULES = """
			service: webapp
			rules:
			  - name: old
			    match: [{path: {exact: /old}}, {path: {exact: /older}}]
			    redirect: {uri: /new, redirectCode: 301, scheme: https, authority: new.example.com, port: 8443}
			  - name: moved
			    match: [{path: {prefix: /a/}}, {path: {prefix: /b}}]
			    redirect: {prefixRewrite: /c}
			  - name: beta
			    match:
			      - path: {prefix: /api}
			        method: GET
			        headers: {x-beta: {exact: "yes"}, x-any: {present: true}, x-start: {prefix: a.b}}
			        query: {q: {regex: "[a-z]+"}, p: {exact: "1"}}
			    split: [{version: v2, headers: {request: {set: {x-version: v2}}}}]
			    rewrite: {uri: /v2, authority: internal.example.com}
			    headers: {request: {add: {x-a: "1"}, remove: [x-b]}, response: {set: {x-c: "100%"}}}
			    timeout: 1m30s
			  - name: inside
			    match: [{source: {namespaces: [cart]}}]
			  - name: call
			    match: [{grpc: {service: shop.Cart, method: Add}}]
			    mirror: [{version: v2, percentage: 0.5}]
			  - name: default
			    split: [{version: v1, weight: 90}, {version: v2, weight: 10}]
			    mirror: [{service: audit, percentage: 25}]
			    timeout: 0s
			""";

	private static ServiceModel gatewayApi(String spec, String policy) {
		return Models.on(Mesh.NONE).gateway("api: gatewayApi\ngatewayClass: edge").service(spec, policy);
	}

	private static ServiceModel ingress(String spec, String policy) {
		return Models.on(Mesh.NONE).gateway("api: ingress\ngatewayClass: edge").service(spec, policy);
	}

	@Test
	void answersExactlyTheHostsOfTheExposure() {
		Rendered rendered = Rendered.of(gatewayApi(PLAIN, "service: webapp"));
		assertThat(rendered.at("Gateway.gateway.networking.k8s.io shop/webapp", "/spec")).isEqualTo(Models.tree("""
				gatewayClassName: edge
				listeners:
				  - name: http-80.shop.example.com
				    hostname: shop.example.com
				    port: 80
				    protocol: HTTP
				    allowedRoutes: {namespaces: {from: Same}}
				"""));
		assertThat(rendered.at("HTTPRoute.gateway.networking.k8s.io shop/webapp", "/spec")).isEqualTo(Models.tree("""
				parentRefs: [{name: webapp, sectionName: http-80.shop.example.com}]
				hostnames: [shop.example.com]
				rules: [{backendRefs: [{name: webapp, port: 80}]}]
				"""));
		assertThat(rendered.manifest("HTTPRoute.gateway.networking.k8s.io shop/webapp").awaits()).map(Object::toString)
			.containsExactly("Deployment.apps shop/webapp-v1", "Deployment.apps shop/webapp-v2");
		assertThat(rendered.refs()).doesNotContain("Service shop/webapp-v1",
				"HTTPRoute.gateway.networking.k8s.io shop/webapp-redirect");
	}

	@Test
	void sendsPlainHttpToHttps() {
		ServiceModel service = Models.on(Mesh.NONE).gateway("""
				api: gatewayApi
				gatewayClass: edge
				ports: [{port: 8080, protocol: HTTP}, {port: 8443, protocol: HTTPS}]
				""").service(SECURE);
		Rendered rendered = Rendered.of(service);
		assertThat(rendered.at("Gateway.gateway.networking.k8s.io shop/webapp", "/spec/listeners/3"))
			.isEqualTo(Models.tree("""
					name: https-8443-wildcard.shop.example.com
					hostname: "*.shop.example.com"
					port: 8443
					protocol: HTTPS
					tls: {mode: Terminate, certificateRefs: [{kind: Secret, name: shop-cert}]}
					allowedRoutes: {namespaces: {from: Same}}
					"""));
		assertThat(rendered.at("HTTPRoute.gateway.networking.k8s.io shop/webapp", "/spec/parentRefs"))
			.isEqualTo(Models.tree("""
					- {name: webapp, sectionName: https-8443.shop.example.com}
					- {name: webapp, sectionName: https-8443-wildcard.shop.example.com}
					"""));
		assertThat(rendered.at("HTTPRoute.gateway.networking.k8s.io shop/webapp-redirect", "/spec"))
			.isEqualTo(Models.tree("""
					parentRefs:
					  - {name: webapp, sectionName: http-8080.shop.example.com}
					  - {name: webapp, sectionName: http-8080-wildcard.shop.example.com}
					hostnames: [shop.example.com, "*.shop.example.com"]
					rules:
					  - filters:
					      - {type: RequestRedirect, requestRedirect: {scheme: https, port: 8443, statusCode: 301}}
					"""));
		assertThat(rendered.manifest("Gateway.gateway.networking.k8s.io shop/webapp").widened())
			.containsExactly(new Manifest.KeyedList("/spec/listeners", "name"));
	}

	@Test
	void servesBothWithoutRedirect() {
		Rendered rendered = Rendered.of(gatewayApi(
				SECURE.replace("credentialName: shop-cert", "credentialName: shop-cert, httpsRedirect: false"),
				"service: webapp"));
		assertThat(rendered.at("HTTPRoute.gateway.networking.k8s.io shop/webapp", "/spec/parentRefs").size())
			.isEqualTo(4);
		assertThat(rendered.refs()).doesNotContain("HTTPRoute.gateway.networking.k8s.io shop/webapp-redirect");
	}

	@Test
	void saysEveryRuleAsGatewayApiSaysIt() {
		Rendered rendered = Rendered.of(gatewayApi(PLAIN, RULES));
		String route = "HTTPRoute.gateway.networking.k8s.io shop/webapp";
		assertThat(rendered.at(route, "/spec/rules")).isEqualTo(Models.tree("""
				- matches:
				    - path: {type: Exact, value: /old}
				    - path: {type: Exact, value: /older}
				  filters:
				    - type: RequestRedirect
				      requestRedirect:
				        scheme: https
				        hostname: new.example.com
				        path: {type: ReplaceFullPath, replaceFullPath: /new}
				        port: 8443
				        statusCode: 301
				- matches: [{path: {type: PathPrefix, value: /a}}]
				  filters:
				    - type: RequestRedirect
				      requestRedirect:
				        path: {type: ReplacePrefixMatch, replacePrefixMatch: /c}
				        statusCode: 302
				- matches: [{path: {type: PathPrefix, value: /b}}]
				  filters:
				    - type: RequestRedirect
				      requestRedirect:
				        path: {type: ReplacePrefixMatch, replacePrefixMatch: /c}
				        statusCode: 302
				- matches:
				    - path: {type: PathPrefix, value: /api}
				      headers:
				        - {name: x-any, type: RegularExpression, value: "^(?:.*)$"}
				        - {name: x-beta, type: Exact, value: "yes"}
				        - {name: x-start, type: RegularExpression, value: '^(?:a\\.b.*)$'}
				      queryParams:
				        - {name: p, type: Exact, value: "1"}
				        - {name: q, type: RegularExpression, value: "^(?:[a-z]+)$"}
				      method: GET
				  filters:
				    - type: RequestHeaderModifier
				      requestHeaderModifier: {add: [{name: x-a, value: "1"}], remove: [x-b]}
				    - type: ResponseHeaderModifier
				      responseHeaderModifier: {set: [{name: x-c, value: "100%"}]}
				    - type: URLRewrite
				      urlRewrite:
				        hostname: internal.example.com
				        path: {type: ReplacePrefixMatch, replacePrefixMatch: /v2}
				  backendRefs:
				    - name: webapp-v2
				      port: 80
				      weight: 1
				      filters:
				        - type: RequestHeaderModifier
				          requestHeaderModifier: {set: [{name: x-version, value: v2}]}
				  timeouts: {request: 1m30s}
				- matches: [{path: {type: Exact, value: /shop.Cart/Add}}]
				  filters:
				    - type: RequestMirror
				      requestMirror:
				        backendRef: {name: webapp-v2, port: 80}
				        fraction: {numerator: 5000, denominator: 1000000}
				  backendRefs: [{name: webapp, port: 80, weight: 1}]
				- matches: [{path: {type: PathPrefix, value: /}}]
				  filters:
				    - type: RequestMirror
				      requestMirror: {backendRef: {name: audit, port: 80}, percent: 25}
				  backendRefs:
				    - {name: webapp-v1, port: 80, weight: 90}
				    - {name: webapp-v2, port: 80, weight: 10}
				  timeouts: {request: 0s}
				"""));
		assertThat(rendered.manifest(route).awaits()).map(Object::toString)
			.containsExactly("Deployment.apps shop/webapp-v1", "Deployment.apps shop/webapp-v2");
		assertThat(rendered.at("Service shop/webapp-v2", "/spec/selector"))
			.isEqualTo(Models.tree("{app.kubernetes.io/name: webapp, meshwright.dev/version: v2}"));
	}

	@Test
	void letsNothingThroughWhereNoRuleCanHold() {
		String policy = "service: webapp\nrules: [{match: [{source: {namespaces: [cart]}}]}]";
		assertThat(Rendered.of(gatewayApi(PLAIN, policy)).refs())
			.contains("Gateway.gateway.networking.k8s.io shop/webapp")
			.doesNotContain("HTTPRoute.gateway.networking.k8s.io shop/webapp");
		assertThat(Rendered.of(ingress(PLAIN, policy)).refs()).doesNotContain("Ingress.networking.k8s.io shop/webapp");
	}

	@Test
	void sendsEverythingToTheServiceWhenRulesAreForTheMeshOnly() {
		String policy = "service: webapp\nrules: [{appliesTo: mesh, split: [{version: v1}]}]";
		assertThat(Rendered.of(ingress(PLAIN, policy)).at("Ingress.networking.k8s.io shop/webapp", "/spec"))
			.isEqualTo(Models.tree("""
					ingressClassName: edge
					rules:
					  - host: shop.example.com
					    http:
					      paths:
					        - path: /
					          pathType: Prefix
					          backend: {service: {name: webapp, port: {number: 80}}}
					"""));
	}

	@Test
	void saysPathsAsIngressSaysThem() {
		Rendered rendered = Rendered.of(ingress(SECURE, """
				service: webapp
				rules:
				  - {match: [{path: {exact: /v2}}], split: [{version: v2}]}
				  - {match: [{path: {prefix: /static/}}], split: [{service: files}]}
				  - {}
				"""));
		assertThat(rendered.at("Ingress.networking.k8s.io shop/webapp", "/spec/rules/1")).isEqualTo(Models.tree("""
				host: "*.shop.example.com"
				http:
				  paths:
				    - path: /v2
				      pathType: Exact
				      backend: {service: {name: webapp-v2, port: {number: 80}}}
				    - path: /static
				      pathType: Prefix
				      backend: {service: {name: files, port: {number: 80}}}
				    - path: /
				      pathType: Prefix
				      backend: {service: {name: webapp, port: {number: 80}}}
				"""));
		assertThat(rendered.at("Ingress.networking.k8s.io shop/webapp", "/spec/tls"))
			.isEqualTo(Models.tree("[{hosts: [shop.example.com, '*.shop.example.com'], secretName: shop-cert}]"));
		assertThat(rendered.refs()).contains("Service shop/webapp-v2").doesNotContain("Service shop/webapp-v1");
	}

	@Test
	void leavesIstioGatewaysToIstio() {
		ServiceModel service = Models.on(Mesh.ISTIO)
			.gateway("api: istio\nnamespace: istio-ingress")
			.service(PLAIN, RULES);
		assertThat(Rendered.of(service).refs()).containsExactly("ServiceAccount shop/webapp",
				"Deployment.apps shop/webapp-v1", "Deployment.apps shop/webapp-v2", "Service shop/webapp");
	}

}
