package dev.meshwright.model;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as Kubernetes writes them: {@code 250m}, {@code 1.5}, {@code 64Mi}. */
public final class Quantities {

	private static final Pattern QUANTITY = Pattern
		.compile("([0-9]+(?:\\.[0-9]+)?|\\.[0-9]+)(?:(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)|[eE]([+-]?[0-9]{1,2}))?");

	private static final int LONGEST = 40;

	private static final Map<String, BigDecimal> UNITS = Map.ofEntries(Map.entry("n", BigDecimal.valueOf(1, 9)),
			Map.entry("u", BigDecimal.valueOf(1, 6)), Map.entry("m", BigDecimal.valueOf(1, 3)),
			Map.entry("k", BigDecimal.valueOf(1, -3)), Map.entry("M", BigDecimal.valueOf(1, -6)),
			Map.entry("G", BigDecimal.valueOf(1, -9)), Map.entry("T", BigDecimal.valueOf(1, -12)),
			Map.entry("P", BigDecimal.valueOf(1, -15)), Map.entry("E", BigDecimal.valueOf(1, -18)),
			Map.entry("Ki", BigDecimal.valueOf(1L << 10)), Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
			Map.entry("Gi", BigDecimal.valueOf(1L << 30)), Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
			Map.entry("Pi", BigDecimal.valueOf(1L << 50)), Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

	private Quantities() {
	}

	/** The amount, or empty when it is none. */
	public static Optional<BigDecimal> amount(String text) {
		Matcher matcher = QUANTITY.matcher(text);
		if (text.length() > LONGEST || !matcher.matches()) {
			return Optional.empty();
		}
		BigDecimal amount = new BigDecimal(matcher.group(1));
		if (matcher.group(2) != null) {
			return Optional.of(amount.multiply(UNITS.get(matcher.group(2))));
		}
		return Optional
			.of((matcher.group(3) != null) ? amount.scaleByPowerOfTen(Integer.parseInt(matcher.group(3))) : amount);
	}

}
