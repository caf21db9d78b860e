package dev.meshwright.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * CPU time by process, in milliseconds: steadier than wall time where others use the
 * machine, too.
 *
 * @param product the application's JVM
 * @param postgres its Postgres
 * @param cluster kube-apiserver and etcd
 * @param driver this JVM: the observer, the raw client and whoever asks
 */
record CpuTime(double product, double postgres, double cluster, double driver) {

	/** USER_HZ, in which the kernel tells it on every architecture that matters here. */
	private static final int TICKS_A_SECOND = 100;

	static CpuTime now(Product product) {
		ProcessHandle postmaster = product.database().postmaster();
		return new CpuTime(millis(product.process()),
				millis(postmaster) + endedChildrenMillis(postmaster)
						+ postmaster.children().mapToDouble(CpuTime::millis).sum(),
				millis(Rig.process("kube-apiserver")) + millis(Rig.process("etcd")), millis(ProcessHandle.current()));
	}

	static double millis(ProcessHandle process) {
		return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6;
	}

	/** What its children used that have ended: a connection that is closed is one. */
	private static double endedChildrenMillis(ProcessHandle process) {
		try {
			String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
			// after the name, which may hold anything: state is the third field of
			// proc_pid_stat(5)
			String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
			return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * 1000.0 / TICKS_A_SECOND;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	CpuTime since(CpuTime before) {
		return new CpuTime(this.product - before.product, this.postgres - before.postgres,
				this.cluster - before.cluster, this.driver - before.driver);
	}

}
