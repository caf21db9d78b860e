package dev.meshwright.cluster;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads one context of a kubeconfig and refuses what would run a program, weaken TLS,
 * send requests elsewhere or read a file outside the directory. Fields that it does not
 * know are refused too, because they may mean any of that.
 */
final class KubeconfigFile {

	private static final YAMLMapper YAML = YAMLMapper
		.builder(YAMLFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(50).build())
			.build())
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	private static final Set<String> CLUSTER = Set.of("server", "certificate-authority", "certificate-authority-data",
			"insecure-skip-tls-verify", "disable-compression", "extensions");

	private static final Set<String> USER = Set.of("client-certificate", "client-certificate-data", "client-key",
			"client-key-data", "token", "tokenFile", "username", "password", "extensions", "exec");

	private static final Map<String, String> REFUSED = Map.of("auth-provider",
			"an authentication plugin; use a token, a token file or a client certificate", "proxy-url",
			"a proxy; the API server must be reached directly", "tls-server-name",
			"another TLS server name; use an address that the certificate names");

	private final String name;

	private final KubeconfigDirectory directory;

	private KubeconfigFile(String name, KubeconfigDirectory directory) {
		this.name = name;
		this.directory = directory;
	}

	/**
	 * How the API server of a context is reached.
	 * @param directory where the file is
	 * @param name the file's name
	 * @param context the context, or null for the file's current one
	 * @throws ClusterFailure.Forbidden the file is missing or refused, with the reason
	 */
	static ApiAccess read(KubeconfigDirectory directory, String name, @Nullable String context) {
		return new KubeconfigFile(name, directory).read(context);
	}

	private ApiAccess read(@Nullable String context) {
		Map<?, ?> file = parse(this.directory.kubeconfig(this.name));
		String chosen = (context != null) ? context : ObjectJson.text(file.get("current-context"));
		if (chosen.isEmpty()) {
			throw refused("has no current-context; name a context in the Cluster's connection");
		}
		Map<?, ?> link = entry(file, "contexts", "context", chosen);
		Map<?, ?> cluster = entry(file, "clusters", "cluster", ObjectJson.text(link.get("cluster")));
		String userName = ObjectJson.text(link.get("user"));
		Map<?, ?> user = userName.isEmpty() ? Map.of() : entry(file, "users", "user", userName);
		onlyKnown(cluster, CLUSTER);
		onlyKnown(user, USER);
		Object skipped = cluster.get("insecure-skip-tls-verify");
		if (skipped != null && !skipped.equals(false)) {
			throw refused("skips the check of the server's certificate (insecure-skip-tls-verify);"
					+ " give its certificate-authority-data instead");
		}
		return access(cluster, user);
	}

	private ApiAccess access(Map<?, ?> cluster, Map<?, ?> user) {
		String certificate = pem(user, "client-certificate");
		String key = pem(user, "client-key");
		if ((certificate == null) != (key == null)) {
			throw refused("has a client certificate without a key, or a key without a certificate");
		}
		String file = text(user, "tokenFile");
		Path tokenFile = (file != null) ? this.directory.referenced(this.name, "tokenFile", file) : null;
		return new ApiAccess(server(text(cluster, "server")), pem(cluster, "certificate-authority"), certificate, key,
				text(user, "token"), tokenFile, text(user, "username"), text(user, "password"), exec(user));
	}

	private @Nullable ExecPlugin exec(Map<?, ?> user) {
		if (!user.containsKey("exec")) {
			return null;
		}
		if (!this.directory.programsAllowed()) {
			throw refused("asks for a program as credential plugin (exec); use a token, a token file or a client"
					+ " certificate, or let the operator set meshwright.kubeconfig-exec");
		}
		Map<?, ?> exec = ObjectJson.map(user.get("exec"));
		String command = ObjectJson.text(exec.get("command"));
		if (command.isEmpty() || (command.contains("/") && !command.startsWith("/"))) {
			throw refused("names a credential plugin by a relative path; give a name in PATH or an absolute path");
		}
		List<String> args = (exec.get("args") instanceof List<?> list) ? list.stream().map(String::valueOf).toList()
				: List.of();
		Map<String, String> env = new HashMap<>();
		if (exec.get("env") instanceof List<?> variables) {
			variables.stream()
				.map(ObjectJson::map)
				.forEach((it) -> env.put(ObjectJson.text(it.get("name")), ObjectJson.text(it.get("value"))));
		}
		return new ExecPlugin(command, args, env, ObjectJson.text(exec.get("apiVersion")));
	}

	private Map<?, ?> parse(byte[] bytes) {
		try {
			return ObjectJson.map(YAML.readValue(bytes, Object.class));
		}
		catch (JacksonException ex) {
			throw refused((ex.getLocation() == null) ? "is not readable YAML"
					: "is not readable YAML at line " + ex.getLocation().getLineNr());
		}
	}

	private Map<?, ?> entry(Map<?, ?> file, String list, String field, String wanted) {
		if (file.get(list) instanceof List<?> entries) {
			for (Object entry : entries) {
				Map<?, ?> named = ObjectJson.map(entry);
				if (wanted.equals(named.get("name")) && named.get(field) instanceof Map<?, ?> value) {
					return value;
				}
			}
		}
		throw refused("has no " + field + " of the name that is asked for");
	}

	private void onlyKnown(Map<?, ?> fields, Set<String> known) {
		for (Map.Entry<?, ?> field : fields.entrySet()) {
			String key = String.valueOf(field.getKey());
			if (REFUSED.containsKey(key)) {
				throw refused("asks for " + REFUSED.get(key) + " (" + key + ")");
			}
			if (!known.contains(key)) {
				throw refused("uses the field " + key + ", which Meshwright does not support");
			}
		}
	}

	private String server(@Nullable String address) {
		try {
			URI uri = new URI((address != null) ? address : "");
			if ("https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getRawUserInfo() == null
					&& uri.getRawQuery() == null && uri.getRawFragment() == null) {
				return uri.toString().replaceAll("/+$", "");
			}
		}
		catch (URISyntaxException ex) {
			// Refused below, without the text that might hold a password.
		}
		throw refused("needs a server of the form https://host:port; plain http is refused");
	}

	/** The PEM text of a field, embedded as data or in a file of the directory. */
	private @Nullable String pem(Map<?, ?> fields, String field) {
		String data = text(fields, field + "-data");
		if (data != null) {
			try {
				return new String(Base64.getDecoder().decode(data.replaceAll("\\s", "")), StandardCharsets.UTF_8);
			}
			catch (IllegalArgumentException ex) {
				throw refused("has a " + field + "-data that is not base64");
			}
		}
		String path = text(fields, field);
		return (path == null) ? null
				: new String(this.directory.read(this.name, this.directory.referenced(this.name, field, path)),
						StandardCharsets.UTF_8);
	}

	private static @Nullable String text(Map<?, ?> fields, String field) {
		String text = ObjectJson.text(fields.get(field));
		return text.isEmpty() ? null : text;
	}

	private ClusterFailure.Forbidden refused(String why) {
		return KubeconfigDirectory.refused(this.name, why);
	}

}
