package dev.meshwright.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import dev.meshwright.access.Requires;
import dev.meshwright.document.Json;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.store.Revisions;
import dev.meshwright.store.Signals;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Server-sent events: one for each revision, in order, none missed and none repeated. A
 * stream is one virtual thread that reads the history; signals only wake it earlier.
 */
@RestController
class EventController {

	private static final Duration PAUSE = Duration.ofMillis(500);

	private static final long KEEP_ALIVE_NANOS = Duration.ofSeconds(15).toNanos();

	private static final int BATCH = 100;

	private final Revisions revisions;

	private final Signals signals;

	private volatile boolean closed;

	EventController(Revisions revisions, Signals signals) {
		this.revisions = revisions;
		this.signals = signals;
	}

	@EventListener(ContextClosedEvent.class)
	void close() {
		this.closed = true;
	}

	@GetMapping(path = Paths.BASE + "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "streamEvents", summary = "Follow the revisions as server-sent events", answer = Void.class)
	void events(Caller caller, @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
			HttpServletResponse response) throws InterruptedException {
		long after = start(lastEventId);
		response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
		response.setCharacterEncoding(StandardCharsets.UTF_8.name());
		response.setHeader("Cache-Control", "no-store");
		response.setHeader("X-Accel-Buffering", "no");
		try {
			send(response, ": follows revision " + after + "\n\n");
			follow(caller, after, response);
		}
		catch (IOException _) {
			// The caller hung up, which is how a stream ends.
			response.setStatus(HttpStatus.OK.value());
		}
	}

	private void follow(Caller caller, long start, HttpServletResponse response)
			throws IOException, InterruptedException {
		long after = start;
		long seenRevision = 0;
		long seenStatus = this.signals.await(Signals.Topic.STATUS, 0, Duration.ZERO);
		long sent = System.nanoTime();
		while (!this.closed) {
			List<Revisions.Revision> found = this.revisions.after(caller, after, BATCH);
			for (Revisions.Revision revision : found) {
				after = revision.number();
				send(response, "id: " + after + "\nevent: revision\ndata: "
						+ Json.mapper().writeValueAsString(RevisionViews.of(revision)) + "\n\n");
				sent = System.nanoTime();
			}
			if (found.size() < BATCH) {
				seenRevision = this.signals.await(Signals.Topic.REVISION, seenRevision, PAUSE);
				long status = this.signals.await(Signals.Topic.STATUS, seenStatus, Duration.ZERO);
				if (status != seenStatus) {
					seenStatus = status;
					send(response, "event: status\ndata: {\"reason\":\"StatusChanged\"}\n\n");
					sent = System.nanoTime();
				}
			}
			if (System.nanoTime() - sent > KEEP_ALIVE_NANOS) {
				send(response, ": still here\n\n");
				sent = System.nanoTime();
			}
		}
	}

	/** The revision after which to begin: the head when nothing is said. */
	private long start(@Nullable String lastEventId) {
		long head = this.revisions.head();
		if (lastEventId == null) {
			return head;
		}
		if (!lastEventId.matches("\\d{1,18}")) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, "INVALID_HEADER",
					"Last-Event-ID must be the id of an event, which is a revision's number");
		}
		long last = Long.parseLong(lastEventId);
		if (last > head) {
			throw ApiFailure.of(HttpStatus.GONE, "GONE", "Revision " + last + " is not in this history, whose head is "
					+ head + "; read the resources anew and follow without Last-Event-ID");
		}
		return last;
	}

	private static void send(HttpServletResponse response, String text) throws IOException {
		response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
		response.flushBuffer();
	}

}
