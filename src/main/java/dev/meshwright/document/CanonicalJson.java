package dev.meshwright.document;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One spelling for each JSON value, so that equal trees have equal hashes whatever the
 * order of their fields.
 */
public final class CanonicalJson {

	private static final JsonMapper SORTED = JsonMapper.builder()
		.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.build();

	private CanonicalJson() {
	}

	/**
	 * SHA-256, in hexadecimal, of a tree of maps, lists, strings, numbers and booleans.
	 */
	public static String sha256(Object tree) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(SORTED.writeValueAsBytes(tree)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

}
