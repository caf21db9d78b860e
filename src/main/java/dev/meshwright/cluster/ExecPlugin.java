package dev.meshwright.cluster;

import java.util.List;
import java.util.Map;

/**
 * A program that a kubeconfig names as the source of tokens. It only ever runs when the
 * operator allows such programs.
 *
 * @param command an absolute path, or a name that is looked for in PATH
 * @param args its arguments
 * @param env variables that it gets beside this process's own
 * @param apiVersion the version of {@code ExecCredential} that it speaks
 */
record ExecPlugin(String command, List<String> args, Map<String, String> env, String apiVersion) {

	ExecPlugin {
		args = List.copyOf(args);
		env = Map.copyOf(env);
	}

	/** The program only; arguments and variables may be secret. */
	@Override
	public String toString() {
		return this.command;
	}

}
