package dev.meshwright.bench;

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

	static CpuTime now(Product product) {
		ProcessHandle postmaster = product.database().postmaster();
		return new CpuTime(millis(product.process()),
				millis(postmaster) + postmaster.children().mapToDouble(CpuTime::millis).sum(),
				millis(Rig.process("kube-apiserver")) + millis(Rig.process("etcd")), millis(ProcessHandle.current()));
	}

	static double millis(ProcessHandle process) {
		return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6;
	}

	CpuTime since(CpuTime before) {
		return new CpuTime(this.product - before.product, this.postgres - before.postgres,
				this.cluster - before.cluster, this.driver - before.driver);
	}

}
