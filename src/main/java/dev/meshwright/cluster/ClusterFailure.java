package dev.meshwright.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Why a call to a cluster failed: a closed set, each member with what it means for the
 * caller. Messages are the API server's own where there is one; they never hold a
 * credential.
 */
public abstract sealed class ClusterFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ClusterFailure(String message) {
		super(message, null, false, false);
	}

	/** Other field managers own fields of the body (409). Nothing was written. */
	public static final class FieldConflict extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		private final transient List<Field> fields;

		public FieldConflict(String message, List<Field> fields) {
			super(message);
			this.fields = List.copyOf(fields);
		}

		/** The fields in conflict. */
		public List<Field> fields() {
			return this.fields;
		}

		/**
		 * A field that somebody else owns.
		 *
		 * @param manager the other field manager's name
		 * @param path the field as the API server writes it, such as
		 * {@code .spec.replicas} or
		 * {@code .spec.template.spec.containers[name="app"].image}
		 */
		public record Field(String manager, String path) {
		}

	}

	/**
	 * The resourceVersion or uid sent is not the live one (409). Read again, then decide.
	 */
	public static final class Stale extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		public Stale(String message) {
			super(message);
		}

	}

	/**
	 * A uid was sent and the live object has another one, or there is none. It is not
	 * ours to update.
	 */
	public static final class WrongUid extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		public WrongUid(String message) {
			super(message);
		}

	}

	/**
	 * The API server's schema or validation refuses the object (400, 422). Trying again
	 * changes nothing.
	 */
	public static final class Invalid extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		public Invalid(String message) {
			super(message);
		}

	}

	/** An admission plugin or webhook refuses the object. */
	public static final class AdmissionDenied extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		public AdmissionDenied(String message) {
			super(message);
		}

	}

	/**
	 * A webhook that the API server would have to ask has side effects, so the API server
	 * answers no dry run.
	 */
	public static final class DryRunUnsupported extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		public DryRunUnsupported(String message) {
			super(message);
		}

	}

	/** Our account may not do this (401, 403). */
	public static final class Forbidden extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		public Forbidden(String message) {
			super(message);
		}

	}

	/** The cluster does not serve this kind: its CRD is not installed. */
	public static final class KindNotServed extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		public KindNotServed(String message) {
			super(message);
		}

	}

	/** The object's Kubernetes namespace does not exist or is being deleted. */
	public static final class NamespaceMissing extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		public NamespaceMissing(String message) {
			super(message);
		}

	}

	/** The API server asks to slow down (429). */
	public static final class Throttled extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		private final Optional<Duration> retryAfter;

		public Throttled(String message, Optional<Duration> retryAfter) {
			super(message);
			this.retryAfter = retryAfter;
		}

		/** How long it asks to wait, if it says so. */
		public Optional<Duration> retryAfter() {
			return this.retryAfter;
		}

	}

	/** No answer, or a server error: whether the call had an effect is not known. */
	public static final class Unavailable extends ClusterFailure {

		private static final long serialVersionUID = 1L;

		private final boolean answered;

		public Unavailable(String message) {
			this(message, false);
		}

		/**
		 * A failure.
		 * @param message what was asked for, and what came of it
		 * @param answered whether the server answered that it failed at this call, which
		 * says nothing about others
		 */
		public Unavailable(String message, boolean answered) {
			super(message);
			this.answered = answered;
		}

		/** Whether the server answered, with an error of its own at this very call. */
		public boolean answered() {
			return this.answered;
		}

	}

}
