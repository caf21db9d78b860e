package dev.meshwright.model.service;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What Meshwright runs for a version: one Deployment. Its pods pass the restricted Pod
 * Security Standard.
 *
 * @param image the container image
 * @param command the entry point instead of the image's
 * @param args the arguments instead of the image's
 * @param replicas how many pods; default 1; not together with {@code autoscaling}
 * @param autoscaling scale between two numbers instead
 * @param env environment variables
 * @param envFrom every entry of ConfigMaps and Secrets as environment variables
 * @param volumes volumes and where they are mounted
 * @param resources what the container asks for and may use
 * @param probes how its health is asked for
 * @param securityContext who it runs as
 * @param imagePullPolicy {@code Always}, {@code IfNotPresent} or {@code Never}; default
 * Kubernetes' own
 * @param imagePullSecrets names of Secrets for the registry
 * @param terminationGracePeriodSeconds seconds it is given to stop; default 30
 */
public record Workload(String image, @Nullable List<String> command, @Nullable List<String> args,
		@Nullable Integer replicas, @Nullable Autoscaling autoscaling, @Nullable List<EnvVar> env,
		@Nullable List<EnvFrom> envFrom, @Nullable List<Volume> volumes, @Nullable Resources resources,
		@Nullable Probes probes, @Nullable SecurityContext securityContext, @Nullable ImagePullPolicy imagePullPolicy,
		@Nullable List<String> imagePullSecrets, @Nullable Integer terminationGracePeriodSeconds) {

	/** When the image is pulled, spelled as Kubernetes spells it. */
	public enum ImagePullPolicy {

		ALWAYS("Always"), IF_NOT_PRESENT("IfNotPresent"), NEVER("Never");

		private final String text;

		ImagePullPolicy(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/**
	 * A HorizontalPodAutoscaler for the version.
	 *
	 * @param minReplicas the fewest pods; default 1
	 * @param maxReplicas the most pods
	 * @param targetCPUUtilizationPercentage average CPU use, percent of what is
	 * requested; default 80 when no target is given
	 * @param targetMemoryUtilizationPercentage average memory use, percent of what is
	 * requested
	 */
	public record Autoscaling(@Nullable Integer minReplicas, int maxReplicas,
			@Nullable Integer targetCPUUtilizationPercentage, @Nullable Integer targetMemoryUtilizationPercentage) {
	}

	/**
	 * An environment variable: a value, or exactly one reference.
	 *
	 * @param name the variable's name
	 * @param value the value, which everybody who may read the service can see
	 * @param secretKeyRef a key of a Secret
	 * @param configMapKeyRef a key of a ConfigMap
	 * @param fieldRef a field of the pod, such as {@code status.podIP}
	 */
	public record EnvVar(String name, @Nullable String value, @Nullable KeyRef secretKeyRef,
			@Nullable KeyRef configMapKeyRef, @Nullable FieldRef fieldRef) {
	}

	/**
	 * A key of a Secret or ConfigMap in the namespace.
	 *
	 * @param name the object's name
	 * @param key the key in it
	 * @param optional whether it may be missing; default false
	 */
	public record KeyRef(String name, String key, @Nullable Boolean optional) {
	}

	/**
	 * A field of the pod.
	 *
	 * @param fieldPath the path, such as {@code metadata.name}
	 */
	public record FieldRef(String fieldPath) {
	}

	/**
	 * Every entry of one object as environment variables; exactly one of the two.
	 *
	 * @param prefix put before each name
	 * @param configMap a ConfigMap's name
	 * @param secret a Secret's name
	 */
	public record EnvFrom(@Nullable String prefix, @Nullable String configMap, @Nullable String secret) {
	}

	/**
	 * A volume and its mount; exactly one source.
	 *
	 * @param name the volume's name
	 * @param mountPath where the container sees it
	 * @param readOnly default true for configMap and secret, false otherwise
	 * @param subPath a path inside the volume
	 * @param configMap a ConfigMap's name
	 * @param secret a Secret's name
	 * @param emptyDir a directory that lives as long as the pod
	 * @param persistentVolumeClaim a claim's name
	 */
	public record Volume(String name, String mountPath, @Nullable Boolean readOnly, @Nullable String subPath,
			@Nullable String configMap, @Nullable String secret, @Nullable EmptyDir emptyDir,
			@Nullable String persistentVolumeClaim) {
	}

	/**
	 * An empty directory.
	 *
	 * @param sizeLimit a quantity, such as {@code 64Mi}
	 * @param medium {@code Memory} for a tmpfs; default the node's disk
	 */
	public record EmptyDir(@Nullable String sizeLimit, @Nullable String medium) {
	}

	/**
	 * Compute resources by name ({@code cpu}, {@code memory}, ...), each a quantity.
	 *
	 * @param requests what the container is given for certain
	 * @param limits what it may use at most
	 */
	public record Resources(@Nullable Map<String, String> requests, @Nullable Map<String, String> limits) {
	}

	/**
	 * The probes of the container.
	 *
	 * @param startup whether it has started
	 * @param readiness whether it can serve
	 * @param liveness whether it must be restarted
	 */
	public record Probes(@Nullable Probe startup, @Nullable Probe readiness, @Nullable Probe liveness) {
	}

	/**
	 * One probe; exactly one of httpGet, tcpSocket, grpc and exec. Numbers left out are
	 * Kubernetes' own defaults.
	 *
	 * @param httpGet an HTTP request that must answer 200 to 399
	 * @param tcpSocket a connection that must open
	 * @param grpc a gRPC health check
	 * @param exec a command that must exit with 0
	 * @param initialDelaySeconds seconds before the first one
	 * @param periodSeconds seconds between two
	 * @param timeoutSeconds seconds each may take
	 * @param successThreshold how many must succeed in a row
	 * @param failureThreshold how many must fail in a row
	 */
	public record Probe(@Nullable HttpGet httpGet, @Nullable PortProbe tcpSocket, @Nullable GrpcProbe grpc,
			@Nullable Exec exec, @Nullable Integer initialDelaySeconds, @Nullable Integer periodSeconds,
			@Nullable Integer timeoutSeconds, @Nullable Integer successThreshold, @Nullable Integer failureThreshold) {
	}

	/**
	 * An HTTP probe.
	 *
	 * @param path the path
	 * @param port the pod's port, a number or a service port's name
	 * @param scheme {@code HTTP} or {@code HTTPS}; default HTTP
	 * @param headers request headers
	 */
	public record HttpGet(String path, dev.meshwright.model.IntOrString port, @Nullable Scheme scheme,
			@Nullable Map<String, String> headers) {
	}

	/** The scheme of an HTTP probe. */
	public enum Scheme {

		HTTP, HTTPS

	}

	/**
	 * A TCP probe.
	 *
	 * @param port the pod's port, a number or a service port's name
	 */
	public record PortProbe(dev.meshwright.model.IntOrString port) {
	}

	/**
	 * A gRPC probe.
	 *
	 * @param port the pod's port number
	 * @param service the service name in the health request
	 */
	public record GrpcProbe(int port, @Nullable String service) {
	}

	/**
	 * A command.
	 *
	 * @param command the program and its arguments
	 */
	public record Exec(List<String> command) {
	}

	/**
	 * Who the container runs as, within what the restricted Pod Security Standard allows.
	 *
	 * @param runAsUser a user id, not 0
	 * @param runAsGroup a group id
	 * @param fsGroup the group that owns mounted volumes
	 * @param readOnlyRootFilesystem default false
	 */
	public record SecurityContext(@Nullable Long runAsUser, @Nullable Long runAsGroup, @Nullable Long fsGroup,
			@Nullable Boolean readOnlyRootFilesystem) {
	}

}
