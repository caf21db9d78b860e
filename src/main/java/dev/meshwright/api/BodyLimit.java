package dev.meshwright.api;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Refuses bodies of more than 8 MiB, also those that do not say how long they are. */
@Component
class BodyLimit extends OncePerRequestFilter {

	static final int MOST_BYTES = 8 * 1024 * 1024;

	private final HandlerExceptionResolver problems;

	BodyLimit(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
		this.problems = problems;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (request.getContentLengthLong() > MOST_BYTES) {
			this.problems.resolveException(request, response, null, tooLarge());
			return;
		}
		chain.doFilter(new Limited(request), response);
	}

	private static ApiFailure tooLarge() {
		return ApiFailure.of(HttpStatus.CONTENT_TOO_LARGE, "TOO_LARGE",
				"The body is longer than " + MOST_BYTES + " bytes; send several smaller change sets");
	}

	private static final class Limited extends HttpServletRequestWrapper {

		Limited(HttpServletRequest request) {
			super(request);
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			return new Counted(super.getInputStream());
		}

	}

	private static final class Counted extends ServletInputStream {

		private final ServletInputStream stream;

		private long count;

		Counted(ServletInputStream stream) {
			this.stream = stream;
		}

		@Override
		public int read() throws IOException {
			int read = this.stream.read();
			count((read < 0) ? 0 : 1);
			return read;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			int read = this.stream.read(bytes, offset, length);
			count(Math.max(read, 0));
			return read;
		}

		private void count(int bytes) {
			this.count += bytes;
			if (this.count > MOST_BYTES) {
				throw tooLarge();
			}
		}

		@Override
		public boolean isFinished() {
			return this.stream.isFinished();
		}

		@Override
		public boolean isReady() {
			return this.stream.isReady();
		}

		@Override
		public void setReadListener(ReadListener listener) {
			this.stream.setReadListener(listener);
		}

	}

}
