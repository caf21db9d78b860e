package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.KeyedList;
import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.security.PolicyRule;

/**
 * The Role of a service's account and its binding, in the service's namespace. Pods have
 * their rights from the first moment on, and those that are being replaced keep theirs
 * until the break; meanwhile nobody has more than both declarations together give.
 */
final class Rights {

	private static final List<KeyedList> RULES = List.of(new KeyedList("/rules", "name"));

	private static final List<KeyedList> SUBJECTS = List
		.of(new KeyedList("/subjects", List.of("kind", "namespace", "name"), List.of()));

	private Rights() {
	}

	/** Nothing when the account may do nothing. */
	static List<Manifest> of(ServiceModel service) {
		return service.security().rbac().isEmpty() ? List.of() : List.of(role(service), binding(service));
	}

	private static Manifest role(ServiceModel service) {
		ObjectRef ref = ref(ObjectKind.ROLE, service);
		List<Map<String, Object>> rules = Tree.list(service.security().rbac().stream().map(Rights::rule).toList());
		return manifest(ref, body(ref, service).with("rules", rules), RULES);
	}

	private static Tree rule(PolicyRule rule) {
		return Tree.of("apiGroups", rule.apiGroups())
			.with("resources", rule.resources())
			.with("resourceNames", rule.resourceNames())
			.with("verbs", rule.verbs());
	}

	private static Manifest binding(ServiceModel service) {
		ObjectRef ref = ref(ObjectKind.ROLE_BINDING, service);
		Tree account = Tree.of("kind", ObjectKind.SERVICE_ACCOUNT.kind())
			.with("name", service.account())
			.with("namespace", service.ref().namespace());
		Tree role = Tree.of("apiGroup", ObjectKind.ROLE.group())
			.with("kind", ObjectKind.ROLE.kind())
			.with("name", service.ref().name());
		return manifest(ref, body(ref, service).with("roleRef", role).with("subjects", List.of(account.toMap())),
				SUBJECTS);
	}

	private static Tree body(ObjectRef ref, ServiceModel service) {
		return ObjectBody.of(ref, Labels.ofService(service.ref().name()));
	}

	private static Manifest manifest(ObjectRef ref, Tree body, List<KeyedList> widened) {
		return new Manifest(ref, body.toMap(), Phase.MAKE, widened, Set.of());
	}

	private static ObjectRef ref(ObjectKind kind, ServiceModel service) {
		return new ObjectRef(kind, service.ref().namespace(), service.ref().name());
	}

}
