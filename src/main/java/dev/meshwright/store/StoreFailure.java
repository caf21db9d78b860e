package dev.meshwright.store;

import java.util.Map;

import dev.meshwright.model.ResourceId;

/** Why the store refuses: a closed set, each member with what it means for a caller. */
public abstract sealed class StoreFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	StoreFailure(String message) {
		super(message, null, false, false);
	}

	/** A precondition of a change does not hold. */
	public static final class PreconditionFailed extends StoreFailure {

		private static final long serialVersionUID = 1L;

		private final transient Map<ResourceId, String> resources;

		public PreconditionFailed(Map<ResourceId, String> resources) {
			super("The stored resources are not what the change expects: " + resources);
			this.resources = Map.copyOf(resources);
		}

		/**
		 * The resources concerned, each with a sentence that says what was expected and
		 * what is stored.
		 */
		public Map<ResourceId, String> resources() {
			return this.resources;
		}

	}

	/** Something that only one resource may have belongs to another one. */
	public static final class AlreadyClaimed extends StoreFailure {

		private static final long serialVersionUID = 1L;

		private final transient ResourceId resource;

		private final String claim;

		private final transient ResourceId holder;

		public AlreadyClaimed(ResourceId resource, String claim, ResourceId holder) {
			super(claim + " of " + resource + " belongs to " + holder);
			this.resource = resource;
			this.claim = claim;
			this.holder = holder;
		}

		/** The resource that was to be stored. */
		public ResourceId resource() {
			return this.resource;
		}

		/** What is claimed, such as {@code host=shop.example.com}. */
		public String claim() {
			return this.claim;
		}

		/** Who has it; to be named only to callers who may see it. */
		public ResourceId holder() {
			return this.holder;
		}

	}

	/** Something that validation read was changed before the commit. */
	public static final class ConcurrentChange extends StoreFailure {

		private static final long serialVersionUID = 1L;

		public ConcurrentChange(String message) {
			super(message);
		}

	}

	/** A resource does not exist, or not for this caller. */
	public static final class NotFound extends StoreFailure {

		private static final long serialVersionUID = 1L;

		private final transient ResourceId resource;

		public NotFound(ResourceId resource) {
			super(resource + " does not exist");
			this.resource = resource;
		}

		public ResourceId resource() {
			return this.resource;
		}

	}

	/** There is no such revision, or not yet. */
	public static final class NoRevision extends StoreFailure {

		private static final long serialVersionUID = 1L;

		private final long revision;

		private final long head;

		public NoRevision(long revision, long head) {
			super("There is no revision " + revision + "; the newest is " + head);
			this.revision = revision;
			this.head = head;
		}

		public long revision() {
			return this.revision;
		}

		/** The newest revision, 0 when there is none. */
		public long head() {
			return this.head;
		}

	}

	/** A declaration of the past that this version's model cannot say any more. */
	public static final class Unreadable extends StoreFailure {

		private static final long serialVersionUID = 1L;

		private final transient ResourceId resource;

		private final long revision;

		public Unreadable(ResourceId resource, long revision) {
			super(resource + " as it was at revision " + revision + " cannot be read by this version");
			this.resource = resource;
			this.revision = revision;
		}

		/** Which one; to be named only to callers who may see it. */
		public ResourceId resource() {
			return this.resource;
		}

		/** When it was so. */
		public long revision() {
			return this.revision;
		}

	}

	/**
	 * To know what was there, more changes since would have to be read than is allowed.
	 */
	public static final class TooFarBack extends StoreFailure {

		private static final long serialVersionUID = 1L;

		public TooFarBack(long revision, long changes) {
			super("To know the state of revision " + revision + ", more than " + changes
					+ " changes since would have to be read");
		}

	}

}
