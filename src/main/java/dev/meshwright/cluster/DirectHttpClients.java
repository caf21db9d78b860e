package dev.meshwright.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientImpl;

/**
 * Makes fabric8's HTTP client for one API server, and for nothing else: no proxy, no
 * redirect (either would see our credentials), no configuration from the environment, no
 * repetition of requests, and HTTP/1.1, because a request that gets no answer then takes
 * only its own connection with it.
 */
final class DirectHttpClients extends JdkHttpClientFactory {

	private static final Duration CONNECT = Duration.ofSeconds(5);

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	private DirectHttpClients() {
	}

	/**
	 * Opens a connection; nothing is sent yet.
	 * @throws ClusterFailure.Forbidden a certificate or key cannot be used
	 */
	static ApiServer open(ApiAccess access, Duration timeout) {
		try {
			Config config = config(access);
			HttpClient.Builder builder = new DirectHttpClients().newBuilder(config);
			if (access.authority() != null) {
				builder.sslContext(SSLUtils.keyManagers(config), onlyTrust(access.authority()));
			}
			return new ApiServer(builder.build(), access.server(), timeout);
		}
		catch (GeneralSecurityException | IOException | KubernetesClientException | IllegalArgumentException ex) {
			throw new ClusterFailure.Forbidden(access.server()
					+ ": the certificates or the private key given for it cannot be used; they must be PEM, and the key not encrypted");
		}
	}

	private static Config config(ApiAccess access) throws GeneralSecurityException {
		Config config = Config.empty();
		config.setMasterUrl(access.server());
		config.setHttp2Disable(true);
		config.setRequestRetryBackoffLimit(0);
		config.setConnectionTimeout((int) CONNECT.toMillis());
		config.setUserAgent("meshwright");
		if (access.certificate() != null && access.key() != null) {
			config.setClientCertData(base64(access.certificate()));
			config.setClientKeyData(base64(access.key()));
			config.setClientKeyAlgo(algorithm(access.key()));
		}
		config.setUsername(access.username());
		config.setPassword(access.password());
		// Always there, also when empty: without one fabric8 looks for a newer token in
		// the environment.
		if (access.exec() != null) {
			config.setOauthTokenProvider(new ExecCredential(access.exec())::token);
		}
		else if (access.tokenFile() != null) {
			config.setOauthTokenProvider(new TokenFile(access.tokenFile())::token);
		}
		else {
			String token = (access.token() != null) ? access.token() : "";
			config.setOauthTokenProvider(() -> token);
		}
		return config;
	}

	/** The named authorities and, unlike fabric8's default, no other. */
	private static TrustManager[] onlyTrust(String authority) throws GeneralSecurityException, IOException {
		KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
		store.load(null, null);
		for (Certificate certificate : CertificateFactory.getInstance("X.509")
			.generateCertificates(new ByteArrayInputStream(authority.getBytes(StandardCharsets.UTF_8)))) {
			store.setCertificateEntry("authority-" + store.size(), certificate);
		}
		if (store.size() == 0) {
			throw new GeneralSecurityException("no certificate");
		}
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(store);
		return factory.getTrustManagers();
	}

	/** fabric8 takes a PKCS #8 key for RSA unless it is told. */
	private static String algorithm(String pem) throws GeneralSecurityException {
		if (pem.contains("BEGIN EC PRIVATE KEY")) {
			return "EC";
		}
		if (!pem.contains("BEGIN PRIVATE KEY")) {
			return "RSA";
		}
		byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
		try {
			KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key));
			return "RSA";
		}
		catch (GeneralSecurityException ex) {
			return "EC";
		}
	}

	private static String base64(String text) {
		return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	@Override
	protected java.net.http.HttpClient.Builder createNewHttpClientBuilder() {
		return java.net.http.HttpClient.newBuilder().executor(this.executor);
	}

	@Override
	protected void additionalConfig(java.net.http.HttpClient.Builder builder) {
		builder.followRedirects(java.net.http.HttpClient.Redirect.NEVER)
			.proxy(java.net.http.HttpClient.Builder.NO_PROXY);
	}

	@Override
	protected void closeHttpClient(JdkHttpClientImpl client) {
		this.executor.shutdownNow();
	}

}
