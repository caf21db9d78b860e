package dev.meshwright.e2e;

import java.io.IOException;

/** Sends signals to processes that a test started. */
public final class Signals {

	private Signals() {
	}

	/**
	 * Sends a signal.
	 * @param name its name, such as {@code STOP}
	 * @param pid the process
	 */
	public static void send(String name, long pid) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).inheritIO().start();
			if (kill.waitFor() != 0) {
				throw new IllegalStateException("cannot send " + name + " to process " + pid);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
