package dev.meshwright.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Stands between a process and its database and does what networks do: cuts connections,
 * refuses new ones, or swallows everything without a word.
 */
final class TcpProxy implements AutoCloseable {

	private final ServerSocket server;

	private final int target;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition audible = this.lock.newCondition();

	private final AtomicLong cuts = new AtomicLong();

	private boolean silent;

	private volatile boolean refusing;

	/**
	 * Asked of each piece that a client sends: whether to cut instead of passing it on.
	 */
	private volatile Predicate<String> cutBefore = (piece) -> false;

	/** As {@link #cutBefore}; the server gets the piece, and the client no answer. */
	private volatile Predicate<String> cutAfter = (piece) -> false;

	/**
	 * Asked of each piece that the server sends: whether to pass on its first half and
	 * cut.
	 */
	private volatile Predicate<String> cutWithin = (piece) -> false;

	TcpProxy(int target) {
		this.target = target;
		try {
			this.server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		Thread.ofVirtual().start(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	/** How many connections were cut. */
	long cuts() {
		return this.cuts.get();
	}

	/** Cuts every connection; new ones are let through. */
	void cut() {
		this.open.forEach(TcpProxy.this::cut);
	}

	/** Cuts every connection, and each new one at once. */
	void refuse() {
		this.refusing = true;
		cut();
	}

	/** Swallows everything, in both directions, and closes nothing. */
	void silence() {
		this.lock.lock();
		this.silent = true;
		this.lock.unlock();
	}

	/** Cuts the connection on which a client sends such a piece before it arrives. */
	void cutBefore(Predicate<String> piece) {
		this.cutBefore = piece;
	}

	/** Cuts the connection on which a client sends such a piece after it arrived. */
	void cutAfter(Predicate<String> piece) {
		this.cutAfter = piece;
	}

	/** Cuts the connection in the middle of such a piece of an answer. */
	void cutWithin(Predicate<String> piece) {
		this.cutWithin = piece;
	}

	/** Lets everything through; what was swallowed meanwhile is delivered late. */
	void heal() {
		this.cutBefore = (piece) -> false;
		this.cutAfter = (piece) -> false;
		this.cutWithin = (piece) -> false;
		this.refusing = false;
		this.lock.lock();
		this.silent = false;
		this.audible.signalAll();
		this.lock.unlock();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				if (this.refusing) {
					cut(client);
					continue;
				}
				connect(client);
			}
			catch (IOException ex) {
				// this proxy is closed
			}
		}
	}

	private void connect(Socket client) {
		try {
			Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
			this.open.add(client);
			Thread.ofVirtual().start(() -> pump(client, upstream, true));
			Thread.ofVirtual().start(() -> pump(upstream, client, false));
		}
		catch (IOException ex) {
			// the server is away: the client is to find out
			cut(client);
		}
	}

	private void pump(Socket from, Socket to, boolean request) {
		byte[] buffer = new byte[65536];
		try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				awaitAudible();
				String piece = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
				if (request && this.cutBefore.test(piece)) {
					this.cuts.incrementAndGet();
					return;
				}
				if (!request && this.cutWithin.test(piece)) {
					out.write(buffer, 0, read / 2);
					out.flush();
					this.cuts.incrementAndGet();
					return;
				}
				out.write(buffer, 0, read);
				out.flush();
				if (request && this.cutAfter.test(piece)) {
					this.cuts.incrementAndGet();
					from.close();
					// the server is to do it before it learns that nobody waits
					Thread.sleep(300);
					return;
				}
			}
		}
		catch (IOException ex) {
			// one side hung up; closing the other one tells it
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.open.remove(request ? from : to);
		}
	}

	private void awaitAudible() throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (this.silent) {
				this.audible.await();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void cut(Socket socket) {
		this.cuts.incrementAndGet();
		try {
			// a reset, not an orderly end
			socket.setSoLinger(true, 0);
			socket.close();
		}
		catch (IOException ex) {
			// it is cut already
		}
	}

	@Override
	public void close() throws IOException {
		heal();
		this.server.close();
		cut();
	}

}
