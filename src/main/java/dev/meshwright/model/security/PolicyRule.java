package dev.meshwright.model.security;

import java.util.List;

import dev.meshwright.model.NonEmpty;
import org.jspecify.annotations.Nullable;

/**
 * Rights at the API of the cluster that a pod runs on, as a rule of a Kubernetes Role:
 * each verb on each resource of each group.
 *
 * @param apiGroups the API groups, such as {@code discovery.k8s.io}; {@code ""} is the
 * core group
 * @param resources the resources, in lower case and plural, such as {@code configmaps}
 * @param resourceNames the objects that are meant, by name; absent means all of them in
 * the service's own namespace
 * @param verbs what may be done, such as {@code get}, {@code list} and {@code watch}
 */
public record PolicyRule(@NonEmpty List<String> apiGroups, @NonEmpty List<String> resources,
		@NonEmpty @Nullable List<String> resourceNames, @NonEmpty List<String> verbs) {
}
