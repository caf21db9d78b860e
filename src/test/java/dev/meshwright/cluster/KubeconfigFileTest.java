package dev.meshwright.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Which kubeconfigs are read, and which are refused, without a word of their content. */
class KubeconfigFileTest {

	private static final String SECRET = "s3cr3t";

	@TempDir
	private Path outside;

	private Path directory;

	@BeforeEach
	void makeDirectory() throws IOException {
		this.directory = Files.createDirectory(this.outside.resolve("kubeconfigs"));
	}

	private ApiAccess read(String name) {
		return KubeconfigFile.read(new KubeconfigDirectory(this.directory, false), name, null);
	}

	private void write(String cluster, String user) throws IOException {
		Files.writeString(this.directory.resolve("east"), """
				apiVersion: v1
				kind: Config
				current-context: admin
				contexts:
				- {name: admin, context: {cluster: east, user: admin}}
				- {name: other, context: {cluster: other, user: admin}}
				clusters:
				- {name: east, cluster: {%s}}
				- {name: other, cluster: {server: "https://other:6443"}}
				users:
				- {name: admin, user: {%s}}
				""".formatted(cluster, user));
	}

	private void refused(String name, String why) {
		assertThatExceptionOfType(ClusterFailure.Forbidden.class).isThrownBy(() -> read(name))
			.withMessageContaining(why)
			.satisfies(
					(ex) -> assertThat(ex.getMessage()).doesNotContain(SECRET).doesNotContain(this.outside.toString()));
	}

	@Test
	void readsTheContextAskedFor() throws IOException {
		write("server: \"https://east.example.com:6443/\"", "token: " + SECRET);
		ApiAccess access = read("east");
		assertThat(access.server()).isEqualTo("https://east.example.com:6443");
		assertThat(access.token()).isEqualTo(SECRET);
		assertThat(access.toString()).doesNotContain(SECRET);
		KubeconfigDirectory kubeconfigs = new KubeconfigDirectory(this.directory, false);
		assertThat(KubeconfigFile.read(kubeconfigs, "east", "other").server()).isEqualTo("https://other:6443");
		assertThatExceptionOfType(ClusterFailure.Forbidden.class)
			.isThrownBy(() -> KubeconfigFile.read(kubeconfigs, "east", "none"))
			.withMessageContaining("no context");
	}

	@Test
	void readsEmbeddedDataAndFilesOfTheDirectory() throws IOException {
		Files.writeString(this.directory.resolve("key.pem"), "KEY");
		String data = Base64.getEncoder().encodeToString("CERT".getBytes());
		write("server: \"https://east\", certificate-authority-data: " + data,
				"client-certificate-data: " + data + ", client-key: key.pem");
		assertThat(read("east")).extracting(ApiAccess::authority, ApiAccess::certificate, ApiAccess::key)
			.containsExactly("CERT", "CERT", "KEY");
		write("server: \"https://east\"", "client-certificate-data: " + data + ", client-key: "
				+ this.directory.resolve("key.pem").toAbsolutePath());
		assertThat(read("east").key()).isEqualTo("KEY");
	}

	@Test
	void aProgramGivesTokensWhenTheOperatorAllowsIt() throws IOException {
		Path runs = this.outside.resolve("runs");
		write("server: \"https://east\"", """
				exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, env: [{name: TOKEN, value: %s}],
				  args: [-c, 'echo x >> "$0"; printf "{\\"status\\":{\\"token\\":\\"$TOKEN\\"}}"', '%s']}"""
			.formatted(SECRET, runs));
		ApiAccess access = KubeconfigFile.read(new KubeconfigDirectory(this.directory, true), "east", null);
		ExecCredential credential = new ExecCredential(access.exec());
		assertThat(credential.token()).isEqualTo(SECRET);
		assertThat(credential.token()).isEqualTo(SECRET);
		assertThat(Files.readAllLines(runs)).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "exit 1", "echo nothing", "echo '{\"status\":{}}'" })
	void aProgramThatGivesNoTokenIsSaid(String script) {
		ExecCredential credential = new ExecCredential(
				new ExecPlugin("sh", List.of("-c", script), Map.of("SECRET", SECRET), "v1"));
		assertThatExceptionOfType(ClusterFailure.Forbidden.class).isThrownBy(credential::token)
			.withMessageContaining("credential plugin sh")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain(SECRET));
	}

	@Test
	void aLinkWithinTheDirectoryIsFollowedAsInAMountedSecret() throws IOException {
		write("server: \"https://east\"", "token: x");
		Files.createDirectory(this.directory.resolve("..data"));
		Files.move(this.directory.resolve("east"), this.directory.resolve("..data/east"));
		Files.createSymbolicLink(this.directory.resolve("east"), Path.of("..data/east"));
		assertThat(read("east").server()).isEqualTo("https://east");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					server: "http://east"                                           | token: s3cr3t | plain http
					server: "https://user:s3cr3t@east"                              | token: s3cr3t | https://host:port
					server: "https://east/?s3cr3t"                                  | token: s3cr3t | https://host:port
					server: "https://east", insecure-skip-tls-verify: true          | token: s3cr3t | insecure-skip-tls-verify
					server: "https://east", insecure-skip-tls-verify: "yes"         | token: s3cr3t | insecure-skip-tls-verify
					server: "https://east", proxy-url: "http://s3cr3t"              | token: s3cr3t | a proxy
					server: "https://east", tls-server-name: s3cr3t                 | token: s3cr3t | TLS server name
					server: "https://east", certificate-authority: /etc/passwd      | token: s3cr3t | certificate-authority
					server: "https://east", certificate-authority: ../s3cr3t        | token: s3cr3t | certificate-authority
					server: "https://east", certificate-authority-data: "%%%s3cr3t" | token: s3cr3t | not base64
					server: "https://east", unknown: s3cr3t                         | token: s3cr3t | the field unknown
					server: "https://east" | exec: {command: s3cr3t, apiVersion: client.authentication.k8s.io/v1} | credential plugin
					server: "https://east" | auth-provider: {name: gcp}             | authentication plugin
					server: "https://east" | tokenFile: ../s3cr3t                   | tokenFile
					server: "https://east" | client-key: ../s3cr3t                  | client-key
					server: "https://east" | client-key-data: czNjcjN0              | without a certificate
					server: "https://east" | as: s3cr3t                             | the field as
					""")
	void refusesWhatIsDangerous(String cluster, String user, String why) throws IOException {
		Files.writeString(this.outside.resolve(SECRET), SECRET);
		write(cluster, user);
		refused("east", why);
	}

	@ParameterizedTest
	@ValueSource(strings = { "../east", "/etc/passwd", "a/b", "..", ".hidden", "a\\b", "a..b", "", "a\u0000b" })
	void aNameIsNoPath(String name) {
		refused(name, "is not a file name");
	}

	@Test
	void aLinkOutOfTheDirectoryIsRefused() throws IOException {
		Files.writeString(this.outside.resolve("secret"), SECRET);
		Files.createSymbolicLink(this.directory.resolve("east"), this.outside.resolve("secret"));
		refused("east", "leads out of the kubeconfig directory");
	}

	@Test
	void whatIsNoKubeconfigIsRefused() throws IOException {
		refused("missing", "is not in the kubeconfig directory");
		Files.createDirectory(this.directory.resolve("dir"));
		refused("dir", "is not a regular file");
		Files.writeString(this.directory.resolve("broken"), SECRET + ": [");
		refused("broken", "is not readable YAML");
		Files.writeString(this.directory.resolve("twice"), "a: 1\na: " + SECRET);
		refused("twice", "is not readable YAML");
		Files.writeString(this.directory.resolve("deep"), "[".repeat(10_000));
		refused("deep", "is not readable YAML");
		Files.writeString(this.directory.resolve("text"), SECRET);
		refused("text", "no current-context");
		Files.write(this.directory.resolve("huge"), new byte[1024 * 1024 + 1]);
		refused("huge", "larger than 1 MiB");
	}

	@Test
	void withoutADirectoryThereIsNone() {
		assertThatExceptionOfType(ClusterFailure.Forbidden.class)
			.isThrownBy(() -> KubeconfigFile.read(new KubeconfigDirectory(null, false), "east", null))
			.withMessageContaining("meshwright.kubeconfig-dir");
	}

}
