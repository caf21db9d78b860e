package dev.meshwright.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.meshwright.cluster.ClusterFailure.FieldConflict;
import org.jspecify.annotations.Nullable;

/**
 * Turns what an API server answers (a {@code Status} object, or text where a proxy or an
 * unknown path answers) into a member of the closed set of failures.
 */
final class ApiFailures {

	private static final int LONGEST_MESSAGE = 2000;

	private static final Pattern MANAGER = Pattern.compile("conflict with \"([^\"]*)\"");

	private static final List<String> ADMISSION = List.of("admission webhook \"", "failed calling webhook",
			"violates PodSecurity", "ValidatingAdmissionPolicy ", "exceeded quota:", "failed quota:");

	/**
	 * What is said where the storage behind the API server fails, and every call with it.
	 */
	private static final List<String> STORAGE = List.of("etcdserver", "rpc error", "context deadline exceeded");

	/** What the API server calls an internal error although the body is at fault. */
	private static final String UNKNOWN_FIELD = "failed to create typed patch object";

	private static final String NO_DRY_RUN = "does not support dry run";

	private ApiFailures() {
	}

	/**
	 * The failure that an answer with an error status means.
	 * @param what the object or list that was asked for
	 * @param answer the answer
	 */
	static ClusterFailure of(Object what, ApiServer.Answer answer) {
		return of(what, answer.status(), answer.body(), answer.retryAfter());
	}

	static ClusterFailure of(Object what, int code, byte[] body, @Nullable String retryAfter) {
		Map<String, Object> status = ObjectJson.treeOrEmpty(body);
		String said = ObjectJson.text(status.get("message"));
		if (said.isEmpty()) {
			said = "HTTP " + code + " " + new String(body, StandardCharsets.UTF_8).strip();
		}
		String message = shortened(what + ": " + said);
		if (code == 400 && said.contains(NO_DRY_RUN)) {
			return new ClusterFailure.DryRunUnsupported(message);
		}
		if (code != 429 && ADMISSION.stream().anyMatch(said::contains)) {
			return new ClusterFailure.AdmissionDenied(message);
		}
		if (said.startsWith(UNKNOWN_FIELD)) {
			return new ClusterFailure.Invalid(message);
		}
		return switch (code) {
			case 400, 405, 406, 413, 415 -> new ClusterFailure.Invalid(message);
			case 401 -> new ClusterFailure.Forbidden(message);
			case 403 -> terminating(status, said) ? new ClusterFailure.NamespaceMissing(message)
					: new ClusterFailure.Forbidden(message);
			case 404 -> "namespaces".equals(details(status).get("kind")) ? new ClusterFailure.NamespaceMissing(message)
					: new ClusterFailure.KindNotServed(message);
			case 409 -> conflict(message, said, status);
			case 410 -> new ClusterFailure.Stale(message);
			case 422 -> aboutUid(said) ? new ClusterFailure.WrongUid(message) : new ClusterFailure.Invalid(message);
			case 429 -> new ClusterFailure.Throttled(message, wait(retryAfter, status));
			case 500 -> new ClusterFailure.Unavailable(message, STORAGE.stream().noneMatch(said::contains));
			default -> new ClusterFailure.Unavailable(message);
		};
	}

	/** Whether a 404 says that this very object does not exist, not its kind. */
	static boolean isAbsent(ApiServer.Answer answer, String name) {
		return answer.status() == 404 && name.equals(details(ObjectJson.treeOrEmpty(answer.body())).get("name"));
	}

	private static ClusterFailure conflict(String message, String said, Map<String, Object> status) {
		List<FieldConflict.Field> fields = new ArrayList<>();
		if (details(status).get("causes") instanceof List<?> causes) {
			for (Object cause : causes) {
				Map<?, ?> fact = ObjectJson.map(cause);
				if ("FieldManagerConflict".equals(fact.get("reason"))) {
					Matcher manager = MANAGER.matcher(ObjectJson.text(fact.get("message")));
					fields.add(new FieldConflict.Field(manager.find() ? manager.group(1) : "",
							ObjectJson.text(fact.get("field"))));
				}
			}
		}
		if (!fields.isEmpty()) {
			return new FieldConflict(message, fields);
		}
		return aboutUid(said) ? new ClusterFailure.WrongUid(message) : new ClusterFailure.Stale(message);
	}

	private static boolean aboutUid(String said) {
		return said.contains("metadata.uid") || said.contains("uid mismatch") || said.contains("UID in precondition");
	}

	private static boolean terminating(Map<String, Object> status, String said) {
		return said.contains("because it is being terminated")
				|| details(status).get("causes") instanceof List<?> causes && causes.stream()
					.anyMatch((cause) -> "NamespaceTerminating".equals(ObjectJson.map(cause).get("reason")));
	}

	private static Optional<Duration> wait(@Nullable String header, Map<String, Object> status) {
		if (header != null && header.matches("\\d{1,6}")) {
			return Optional.of(Duration.ofSeconds(Long.parseLong(header)));
		}
		return (details(status).get("retryAfterSeconds") instanceof Number seconds)
				? Optional.of(Duration.ofSeconds(seconds.longValue())) : Optional.empty();
	}

	private static Map<?, ?> details(Map<String, Object> status) {
		return ObjectJson.map(status.get("details"));
	}

	private static String shortened(String message) {
		return (message.length() <= LONGEST_MESSAGE) ? message : message.substring(0, LONGEST_MESSAGE) + " …";
	}

}
