package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statements of one request as Postgres has logged them, as a script of pgbench with
 * the same parameters.
 */
final class SameSql {

	private static final Pattern ENTRY = Pattern.compile("(?m)^\\d{4}-\\d\\d-\\d\\d [\\d:.]+ \\S+ \\[(\\d+)] ");

	private static final Pattern EXECUTE = Pattern.compile("(?s)LOG: {2}(?:execute [^:]+|statement): (.*)");

	private static final Pattern DETAIL = Pattern.compile("(?s)DETAIL: {2}Parameters: (.*)");

	private static final Pattern PARAMETER = Pattern.compile("(?s)\\$(\\d+) = (NULL|'(?:[^']|'')*')(?:, |\\s*$)");

	/** Of who looks for jobs, and of who turns the logging on and off. */
	private static final List<String> OTHERS = List.of("update job", "listen", "alter system", "select pg_reload_conf");

	private final StringBuilder script = new StringBuilder();

	private final Map<String, String> values = new LinkedHashMap<>();

	private final String revision;

	/** What is asked once, while Postgres logs. */
	@FunctionalInterface
	interface Request {

		void send() throws IOException;

	}

	/**
	 * Sends a request and reads what it made Postgres do, while nobody else does anything
	 * but look for jobs.
	 * @param mark what is in at least one of the statements
	 */
	static SameSql of(Product product, Request request, String mark) throws IOException, SQLException {
		Database database = product.database();
		database.setting("log_statement = 'all'");
		Path log = product.home().resolve(".meshwright/postgres.log");
		int before = Files.readString(log).length();
		request.send();
		database.setting("log_statement = 'none'");
		return new SameSql(Files.readString(log).substring(before),
				Long.parseLong(database.text("select revision from revision_head")), mark);
	}

	/**
	 * Reads a log.
	 * @param log what was logged with {@code log_statement = 'all'} during one request
	 * @param revision the newest; its number stands for nothing else
	 * @param mark what is in at least one of the statements
	 */
	private SameSql(String log, long revision, String mark) {
		this.revision = String.valueOf(revision);
		List<Statement> statements = new ArrayList<>();
		String[] heads = ENTRY.matcher(log).results().map((head) -> head.group(1)).toArray(String[]::new);
		String[] entries = ENTRY.split(log);
		for (int i = 0; i < heads.length; i++) {
			String process = heads[i];
			String text = entries[entries.length - heads.length + i].strip();
			Matcher execute = EXECUTE.matcher(text);
			Matcher detail = DETAIL.matcher(text);
			if (execute.matches()) {
				statements.add(new Statement(process, execute.group(1).replaceAll("\\s+", " ").strip(), ""));
			}
			else if (detail.matches() && !statements.isEmpty() && statements.getLast().process.equals(process)) {
				statements.add(new Statement(process, statements.removeLast().sql, detail.group(1)));
			}
		}
		statements.stream()
			.filter((statement) -> OTHERS.stream().noneMatch(statement.sql::startsWith))
			.forEach((statement) -> add(statement.sql, statement.parameters));
		if (!this.script.toString().contains(mark)) {
			throw new IllegalStateException("The log does not show the statements of the request:\n" + log);
		}
	}

	private record Statement(String process, String sql, String parameters) {
	}

	private void add(String sql, String detail) {
		Map<Integer, String> parameters = new TreeMap<>();
		Matcher matcher = PARAMETER.matcher(detail);
		while (matcher.find()) {
			parameters.put(Integer.valueOf(matcher.group(1)), matcher.group(2));
		}
		String text = Pattern.compile("\\$(\\d+)")
			.matcher(sql)
			.replaceAll((found) -> Matcher.quoteReplacement(variable(parameters.get(Integer.valueOf(found.group(1))))));
		if (text.startsWith("update revision_head")) {
			this.script.append(text).append(" \\gset\n");
		}
		else if (text.startsWith("select revision from revision_head")) {
			this.script.append(text.replace("select revision", "select revision as since")).append(" \\gset\n");
		}
		else {
			this.script.append(text).append(";\n");
		}
	}

	private String variable(String literal) {
		if (literal.equals("NULL")) {
			return "null";
		}
		String value = literal.substring(1, literal.length() - 1).replace("''", "'");
		if (value.isEmpty()) {
			return "''";
		}
		if (value.equals(this.revision)) {
			return ":revision";
		}
		if (value.equals(String.valueOf(Long.parseLong(this.revision) - 1))) {
			return ":since";
		}
		String name = "p" + this.values.size();
		this.values.put(name, value);
		return ":" + name;
	}

	/** How many statements that are. */
	long statements() {
		return this.script.toString().lines().count();
	}

	Path write(Path directory) throws IOException {
		return Files.writeString(directory.resolve("put.sql"), this.script);
	}

	/** Options of pgbench that set the parameters, with the name of another policy. */
	List<String> definitions(String marker, String other) {
		List<String> definitions = new ArrayList<>();
		this.values.forEach((name, value) -> {
			definitions.add("-D");
			definitions.add(name + "=" + value.replace(marker, other));
		});
		return definitions;
	}

}
