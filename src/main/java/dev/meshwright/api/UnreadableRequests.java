package dev.meshwright.api;

import java.io.IOException;
import java.io.OutputStream;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Answers with a problem detail what Tomcat refuses before any application sees it, such
 * as a request line that is none, or headers that are too long. Its own answer would be a
 * page of HTML.
 */
@Component
class UnreadableRequests implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

	@Override
	public void customize(TomcatServletWebServerFactory factory) {
		factory.addContextCustomizers((context) -> context.getParent().getPipeline().addValve(new ProblemReport()));
	}

	private static final class ProblemReport extends ErrorReportValve {

		@Override
		protected void report(Request request, Response response, @Nullable Throwable failure) {
			int status = response.getStatus();
			if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
				return;
			}
			byte[] body = problem(HttpStatusCode.valueOf(status)).bytes();
			response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
			response.setHeader("Cache-Control", "no-store");
			response.setContentLength(body.length);
			try (OutputStream stream = response.getOutputStream()) {
				stream.write(body);
			}
			catch (IOException ex) {
				container.getLogger().debug("The caller is gone", ex);
			}
		}

		private static Problem problem(HttpStatusCode status) {
			@Nullable HttpStatus known = HttpStatus.resolve(status.value());
			String code = (known != null) ? known.name() : "ERROR";
			return Problem.of(status, code, (known == HttpStatus.INTERNAL_SERVER_ERROR)
					? "Something went wrong inside Meshwright; its log says what"
					: "This is not an HTTP request that this server takes: its request line or a header is malformed"
							+ " or too long, or its path has an escaped '/' or leads out of the server's root");
		}

	}

}
