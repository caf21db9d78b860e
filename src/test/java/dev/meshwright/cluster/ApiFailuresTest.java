package dev.meshwright.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Which member of the closed set an answer means. */
class ApiFailuresTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					400 | admission webhook "validation.istio.io" denied the request: no route   | AdmissionDenied
					403 | admission webhook "policy.example.com" denied the request: not allowed | AdmissionDenied
					500 | Internal error occurred: failed calling webhook "x": connection refused | AdmissionDenied
					403 | pods "web" is forbidden: violates PodSecurity "restricted:latest": x    | AdmissionDenied
					422 | web is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no | AdmissionDenied
					403 | services "web" is forbidden: exceeded quota: q, requested: services=1  | AdmissionDenied
					403 | services "web" is forbidden: User "x" cannot patch resource "services" | Forbidden
					401 | Unauthorized                                                           | Forbidden
					403 | unable to create new content in namespace a because it is being terminated | NamespaceMissing
					404 | the server could not find the requested resource                       | KindNotServed
					409 | Operation cannot be fulfilled on services "web": the object has been modified | Stale
					409 | Operation cannot be fulfilled: Precondition failed: UID in precondition: a, UID in object meta: b | WrongUid
					409 | uid mismatch: the provided object specified uid a, and no existing object was found | WrongUid
					422 | Service "web" is invalid: metadata.uid: Invalid value: "a": field is immutable | WrongUid
					422 | Service "web" is invalid: spec.ports: Required value                   | Invalid
					400 | strict decoding error: unknown field "spec.x"                          | Invalid
					500 | failed to create typed patch object: .spec.x: field not declared in schema | Invalid
					413 | Request entity too large                                               | Invalid
					429 | too many requests                                                      | Throttled
					500 | etcdserver: leader changed                                             | Unavailable
					504 | timeout                                                                | Unavailable
					302 | moved                                                                  | Unavailable
					""")
	void means(int code, String message, String failure) {
		byte[] body = ObjectJson.MAPPER.writeValueAsBytes(Map.of("kind", "Status", "message", message));
		ClusterFailure mapped = ApiFailures.of("Service shop/web", code, body, null);
		assertThat(mapped.getClass().getSimpleName()).isEqualTo(failure);
		assertThat(mapped).hasMessage("Service shop/web: " + message);
	}

	@ParameterizedTest
	@CsvSource({ "500, failed to allocate a serviceIP: range is full, true",
			"500, etcdserver: request timed out, false", "503, the server is shutting down, false" })
	void anErrorAtOneCallIsNoSilence(int code, String message, boolean answered) {
		byte[] body = ObjectJson.MAPPER.writeValueAsBytes(Map.of("kind", "Status", "message", message));
		assertThat(ApiFailures.of("Service shop/web", code, body, null)).isInstanceOfSatisfying(
				ClusterFailure.Unavailable.class, (failure) -> assertThat(failure.answered()).isEqualTo(answered));
	}

	@ParameterizedTest
	@CsvSource({ "404, 404 page not found, KindNotServed", "502, <html>bad gateway</html>, Unavailable" })
	void textThatIsNoStatusIsPassedOn(int code, String text, String failure) {
		ClusterFailure mapped = ApiFailures.of("Service shop/web", code, text.getBytes(StandardCharsets.UTF_8), null);
		assertThat(mapped.getClass().getSimpleName()).isEqualTo(failure);
		assertThat(mapped).hasMessageContaining(text);
	}

}
