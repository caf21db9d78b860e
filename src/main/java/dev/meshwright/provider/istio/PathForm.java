package dev.meshwright.provider.istio;

/**
 * How much of a path an alternative matches, which decides what may take its place. A
 * declared prefix is by whole segments while Istio's is by string, so it becomes the
 * segment itself and all that lies below it; each gets a replacement of its own form, and
 * no replacement ever makes {@code //}.
 */
enum PathForm {

	/** The whole path: what replaces it is taken as declared. */
	WHOLE,

	/** The whole path, equal to a declared prefix. */
	SEGMENT,

	/** Everything below a declared prefix; what is matched ends with a slash. */
	BELOW;

	String replacement(String declared) {
		return switch (this) {
			case WHOLE -> declared;
			case SEGMENT -> declared.equals("/") ? declared : trimmed(declared);
			case BELOW -> trimmed(declared).equals("/") ? "/" : trimmed(declared) + "/";
		};
	}

	/** Without slashes at the end; {@code /} when nothing is left. */
	static String trimmed(String path) {
		int end = path.length();
		while (end > 0 && path.charAt(end - 1) == '/') {
			end--;
		}
		return (end == 0) ? "/" : path.substring(0, end);
	}

}
