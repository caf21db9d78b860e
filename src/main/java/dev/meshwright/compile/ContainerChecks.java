package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.service.Workload;
import dev.meshwright.model.service.Workload.EmptyDir;
import dev.meshwright.model.service.Workload.EnvVar;
import dev.meshwright.model.service.Workload.KeyRef;
import dev.meshwright.model.service.Workload.Volume;

/** A container's environment and volumes. */
final class ContainerChecks {

	private static final Pattern ENV_NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");

	private static final Pattern FIELD = Pattern
		.compile("metadata\\.(name|namespace|uid|(labels|annotations)\\['[^']+'])"
				+ "|spec\\.(nodeName|serviceAccountName)|status\\.(hostIP|hostIPs|podIP|podIPs)");

	private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");

	private ContainerChecks() {
	}

	static void env(Workload workload, At at) {
		Set<String> names = new HashSet<>();
		at.each("env", workload.env(), (variable, place) -> {
			variable(variable, place);
			if (!names.add(variable.name())) {
				place.at("name")
					.report(DiagnosticCode.DUPLICATE_NAME, "two variables are named '" + variable.name() + "'");
			}
		});
		at.each("envFrom", workload.envFrom(), (source, place) -> {
			Values.exactlyOne(place, "configMap and secret", source.configMap(), source.secret());
			place.given("configMap", source.configMap(), Names::object);
			place.given("secret", source.secret(), Names::object);
			place.given("prefix", source.prefix(), ContainerChecks::envName);
		});
	}

	private static void variable(EnvVar variable, At at) {
		envName(variable.name(), at.at("name"));
		Values.exactlyOne(at, "value, secretKeyRef, configMapKeyRef and fieldRef", variable.value(),
				variable.secretKeyRef(), variable.configMapKeyRef(), variable.fieldRef());
		at.given("secretKeyRef", variable.secretKeyRef(), ContainerChecks::key);
		at.given("configMapKeyRef", variable.configMapKeyRef(), ContainerChecks::key);
		at.given("fieldRef", variable.fieldRef(), (field, place) -> {
			if (!FIELD.matcher(field.fieldPath()).matches()) {
				place.at("fieldPath")
					.report(DiagnosticCode.INVALID_VALUE, "'" + field.fieldPath() + "' is no field of a pod",
							"a field such as metadata.name, metadata.labels['app'], spec.nodeName or status.podIP");
			}
		});
	}

	private static void envName(String name, At at) {
		if (!ENV_NAME.matcher(name).matches()) {
			at.report(DiagnosticCode.INVALID_NAME, "'" + name + "' cannot name an environment variable",
					"letters, digits, _, - and ., not beginning with a digit");
		}
	}

	private static void key(KeyRef reference, At at) {
		Names.object(reference.name(), at.at("name"));
		if (!KEY.matcher(reference.key()).matches()) {
			at.at("key")
				.report(DiagnosticCode.INVALID_NAME, "'" + reference.key() + "' is no key",
						"at most 253 letters, digits, -, _ and .");
		}
	}

	static void volumes(Workload workload, At at) {
		Set<String> names = new HashSet<>();
		Set<String> paths = new HashSet<>();
		at.each("volumes", workload.volumes(), (volume, place) -> {
			volume(volume, place);
			if (!names.add(volume.name())) {
				place.at("name").report(DiagnosticCode.DUPLICATE_NAME, "two volumes are named '" + volume.name() + "'");
			}
			if (!paths.add(volume.mountPath())) {
				place.at("mountPath")
					.report(DiagnosticCode.DUPLICATE_NAME, "two volumes are mounted at '" + volume.mountPath() + "'");
			}
		});
	}

	private static void volume(Volume volume, At at) {
		Names.rfc1123(volume.name(), at.at("name"));
		Values.exactlyOne(at, "configMap, secret, emptyDir and persistentVolumeClaim", volume.configMap(),
				volume.secret(), volume.emptyDir(), volume.persistentVolumeClaim());
		at.given("configMap", volume.configMap(), Names::object);
		at.given("secret", volume.secret(), Names::object);
		at.given("persistentVolumeClaim", volume.persistentVolumeClaim(), Names::object);
		at.given("emptyDir", volume.emptyDir(), ContainerChecks::emptyDir);
		if (!volume.mountPath().startsWith("/") || volume.mountPath().contains(":")) {
			at.at("mountPath")
				.report(DiagnosticCode.INVALID_PATH, "'" + volume.mountPath() + "' is no absolute path",
						"a path that starts with / and has no :");
		}
		at.given("subPath", volume.subPath(), (path, place) -> {
			if (path.startsWith("/") || List.of(path.split("/")).contains("..")) {
				place.report(DiagnosticCode.INVALID_PATH, "'" + path + "' leads out of the volume",
						"a relative path without ..");
			}
		});
	}

	private static void emptyDir(EmptyDir directory, At at) {
		at.given("sizeLimit", directory.sizeLimit(), Values::quantity);
		if (directory.medium() != null && !directory.medium().equals("Memory")) {
			at.at("medium")
				.report(DiagnosticCode.INVALID_VALUE, "'" + directory.medium() + "' is no medium",
						"Memory, or leave it out");
		}
	}

}
