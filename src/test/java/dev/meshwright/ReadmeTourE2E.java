package dev.meshwright;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the README tells people to paste works when pasted: the blocks of its tour run one
 * after the other in one shell beside the local run, with nothing changed but the port.
 */
class ReadmeTourE2E {

	private static final String HEADING = "## A tour in five steps";

	private static final String STEP = "==== block %d";

	@TempDir
	Path directory;

	@Test
	void worksByPaste() throws IOException, InterruptedException {
		List<String> blocks = blocks(Files.readString(Path.of("README.md")));
		assertThat(blocks).as("the settings and five steps").hasSize(6);
		Path examples = Files.createSymbolicLink(this.directory.resolve("examples"),
				Path.of("examples").toAbsolutePath());
		List<String> answers;
		try (ChildApplication application = ChildApplication.start(this.directory)) {
			answers = run(blocks, application.address().toString());
		}
		finally {
			Files.delete(examples);
		}
		assertThat(answers.get(1)).as("declare").contains("reviews", "productpage", "RoutingPolicy");
		assertThat(answers.get(2)).as("see it live").contains("kind: Service", "Programmed", "name: local");
		assertThat(answers.get(3)).as("change a route")
			.contains("action: update", "kind: VirtualService", "pointer: /spec/http/0/route", "\"v3\"");
		assertThat(answers.get(4)).as("what it compiles to")
			.contains("kind: VirtualService", "kind: DestinationRule", "kind: Deployment", "weight: 10");
		assertThat(answers.get(5)).as("look back")
			.contains("system:local", "\"v3\"", "\"outcome\":\"updated\"", "Undo revision 3", "id:");
	}

	private List<String> run(List<String> blocks, String address) throws IOException, InterruptedException {
		StringBuilder script = new StringBuilder("set -euo pipefail\n");
		for (int i = 0; i < blocks.size(); i++) {
			script.append("echo '").append(STEP.formatted(i)).append("'\n").append(blocks.get(i)).append("\necho\n");
		}
		Path output = this.directory.resolve("tour.log");
		Process bash = new ProcessBuilder("bash", "-c", script.toString().replace("http://127.0.0.1:8080", address))
			.directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		assertThat(bash.waitFor(120, TimeUnit.SECONDS)).as("the tour ends").isTrue();
		String said = Files.readString(output);
		assertThat(bash.exitValue()).as(said).isZero();
		List<String> answers = new ArrayList<>();
		for (int i = 0; i < blocks.size(); i++) {
			int from = said.indexOf(STEP.formatted(i));
			int to = said.indexOf(STEP.formatted(i + 1));
			answers.add(said.substring(from, (to < 0) ? said.length() : to));
		}
		return answers;
	}

	/** The fenced bash blocks of the tour, without the indentation of their list. */
	private static List<String> blocks(String readme) {
		int from = readme.indexOf(HEADING);
		int to = readme.indexOf("\n## ", from + HEADING.length());
		List<String> blocks = new ArrayList<>();
		StringBuilder block = null;
		for (String line : readme.substring(from, to).lines().map(String::strip).toList()) {
			if (line.equals("```bash")) {
				block = new StringBuilder();
			}
			else if (line.equals("```") && block != null) {
				blocks.add(block.toString());
				block = null;
			}
			else if (block != null) {
				block.append(line).append('\n');
			}
		}
		return blocks;
	}

}
