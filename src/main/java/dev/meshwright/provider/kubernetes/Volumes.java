package dev.meshwright.provider.kubernetes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.meshwright.model.service.Workload.EmptyDir;
import dev.meshwright.model.service.Workload.Volume;
import org.jspecify.annotations.Nullable;

/** The volumes of a pod and where its container sees them. */
final class Volumes {

	private final List<Volume> volumes;

	Volumes(@Nullable List<Volume> volumes) {
		this.volumes = (volumes != null) ? volumes : List.of();
	}

	/** The pod's volumes; one that is mounted twice appears once. */
	List<Map<String, Object>> sources() {
		Map<String, Tree> byName = new LinkedHashMap<>();
		this.volumes.forEach((volume) -> byName.putIfAbsent(volume.name(), source(volume)));
		return Tree.list(byName.values());
	}

	/** The container's mounts. */
	List<Map<String, Object>> mounts() {
		return Tree.list(this.volumes.stream().map(Volumes::mount).toList());
	}

	private static Tree source(Volume volume) {
		Tree source = Tree.of("name", volume.name());
		if (volume.configMap() != null) {
			source.with("configMap", Tree.of("name", volume.configMap()));
		}
		if (volume.secret() != null) {
			source.with("secret", Tree.of("secretName", volume.secret()));
		}
		if (volume.emptyDir() != null) {
			source.always("emptyDir", emptyDir(volume.emptyDir()));
		}
		if (volume.persistentVolumeClaim() != null) {
			source.with("persistentVolumeClaim", Tree.of("claimName", volume.persistentVolumeClaim()));
		}
		return source;
	}

	private static Tree emptyDir(EmptyDir directory) {
		return Tree.of("medium", directory.medium()).with("sizeLimit", directory.sizeLimit());
	}

	private static Tree mount(Volume volume) {
		boolean content = volume.configMap() != null || volume.secret() != null;
		boolean readOnly = (volume.readOnly() != null) ? volume.readOnly() : content;
		return Tree.of("name", volume.name())
			.with("mountPath", volume.mountPath())
			.with("readOnly", readOnly ? true : null)
			.with("subPath", volume.subPath());
	}

}
