package dev.meshwright.local;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Why the local run cannot start, and what to do about it. */
final class LocalRunFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String remedy;

	LocalRunFailure(String message, String remedy, @Nullable Throwable cause) {
		super(message, cause);
		this.remedy = remedy;
	}

	/** Shows both as Spring Boot shows failures that it understands. */
	static final class Analyzer extends AbstractFailureAnalyzer<LocalRunFailure> {

		@Override
		protected FailureAnalysis analyze(Throwable rootFailure, LocalRunFailure cause) {
			return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.remedy, cause);
		}

	}

}
