package dev.meshwright.reconcile;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The table of sequences, in memory. */
class BackupMachineTest {

	@ParameterizedTest
	@MethodSource("dev.meshwright.reconcile.BackupSequences#table")
	void comesToTheExpectedState(BackupSequences.Row row) {
		assertThat(BackupSequences.play(row, (state) -> state)).isEqualTo(row.expected());
	}

}
