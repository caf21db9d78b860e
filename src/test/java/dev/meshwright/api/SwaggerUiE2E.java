package dev.meshwright.api;

import java.io.IOException;
import java.nio.file.Path;

import dev.meshwright.MissingPart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SwaggerUiE2E extends ServedApi {

	@TempDir(cleanup = CleanupMode.NEVER)
	Path profile;

	@Test
	void putsAResourceThroughTheBrowser() throws IOException, InterruptedException {
		if (!Chromium.isInstalled()) {
			MissingPart.stopTest("there is no /usr/bin/chromium to drive Swagger UI with");
		}
		for (String path : new String[] { "namespaces/shop/routing-policies/webapp", "namespaces/shop/services/webapp",
				"namespaces/shop", "clusters/trial" }) {
			send("DELETE", "/api/v1/" + path, "", "If-Match", "*");
		}
		try (Chromium page = new Chromium(this.profile, "http://127.0.0.1:" + this.port + "/swagger-ui.html")) {
			page.await("document.querySelector('#operations-Cluster-putCluster')");
			page.evaluate("document.querySelector('.btn.authorize').click()");
			page.await("document.querySelector('.auth-container input')");
			page.evaluate("""
					(() => { const input = document.querySelector('.auth-container input');
					Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, '%s');
					input.dispatchEvent(new Event('input', {bubbles: true})); })()""".formatted(this.token));
			page.evaluate("document.querySelector('.auth-btn-wrapper .authorize').click()");
			page.await("[...document.querySelectorAll('.auth-btn-wrapper button')].some(b => b.innerText == 'Logout')");
			page.evaluate("document.querySelector('.btn-done').click()");
			page.evaluate("document.querySelector('#operations-Cluster-putCluster .opblock-summary-control').click()");
			page.await("document.querySelector('#operations-Cluster-putCluster .execute')");
			page.evaluate("document.querySelector('#operations-Cluster-putCluster .execute').click()");
			String status = page.await(
					"document.querySelector('#operations-Cluster-putCluster .live-responses-table .response-col_status:not(.col_header)')?.innerText");
			assertThat(status).contains("201");
		}
		assertThat(get("/api/v1/clusters/trial").status()).isEqualTo(200);
	}

}
