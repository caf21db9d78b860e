package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.service.ServiceSpec;
import org.jspecify.annotations.Nullable;

/** Turns the callers that a match names into namespaces and labels of their pods. */
final class SourceResolver {

	private final ServiceSubject subject;

	SourceResolver(ServiceSubject subject) {
		this.subject = subject;
	}

	/** The callers, alternatives; empty when none are named. */
	List<RouteModel.Source> resolve(HttpMatch.@Nullable Source source, At at) {
		if (source == null) {
			return List.of();
		}
		Values.atLeastOne(at, "namespaces, labels and services", source.namespaces(), source.labels(),
				source.services());
		at.each("namespaces", source.namespaces(), Names::rfc1123);
		at.given("labels", source.labels(), Names::labels);
		SortedMap<String, String> labels = new TreeMap<>(Given.map(source.labels()));
		if (source.services() == null) {
			return (source.namespaces() == null) ? List.of(new RouteModel.Source(Optional.empty(), labels))
					: source.namespaces()
						.stream()
						.map((namespace) -> new RouteModel.Source(Optional.of(namespace), labels))
						.toList();
		}
		List<RouteModel.Source> callers = new ArrayList<>();
		at.each("services", source.services(), (text, place) -> callers.addAll(service(text, place)));
		return callers.stream().flatMap((caller) -> narrow(caller, source, labels, at)).toList();
	}

	private List<RouteModel.Source> service(String text, At at) {
		ServiceRef ref = ServiceRef.parse(text, this.subject.ref().namespace());
		if (!Declarations.isReference(ref)) {
			at.report(DiagnosticCode.INVALID_REFERENCE, "'" + text + "' names no service");
			return List.of();
		}
		Optional<Resource<ServiceSpec>> caller = this.subject.declarations().service(ref).filter(this::mayBeNamed);
		if (caller.isEmpty()) {
			at.report(DiagnosticCode.NOT_FOUND_OR_NOT_GRANTED,
					"Service " + ref + " is not declared, or does not declare this service as a dependency",
					this.subject.ref().namespace(), Use.DEPENDENCY);
			return List.of();
		}
		Stream<ServiceSpec.Version> versions = Given.list(caller.get().spec().versions()).stream();
		return VersionChecks.selectorsOf(ref.name(), versions)
			.map((selector) -> new RouteModel.Source(Optional.of(ref.namespace()), selector))
			.toList();
	}

	private boolean mayBeNamed(Resource<ServiceSpec> caller) {
		return mayBeNamed(caller, this.subject);
	}

	/** Neighbours, and whoever has made known that it calls this service. */
	static boolean mayBeNamed(Resource<ServiceSpec> caller, ServiceSubject subject) {
		ServiceRef own = subject.ref();
		Key callers = Key.dependencyOf(own.namespace(), own.name());
		return caller.id().namespace().equals(own.namespace())
				|| subject.declarations().granted(caller, own, Use.DEPENDENCY)
				|| subject.declarations()
					.snapshot()
					.index(callers)
					.stream()
					.anyMatch((other) -> other.id().equals(caller.id()));
	}

	private static Stream<RouteModel.Source> narrow(RouteModel.Source caller, HttpMatch.Source source,
			Map<String, String> labels, At at) {
		boolean outside = source.namespaces() != null && !source.namespaces().contains(caller.namespace().orElse(""));
		boolean contradicts = labels.entrySet()
			.stream()
			.anyMatch((
					label) -> !caller.labels().getOrDefault(label.getKey(), label.getValue()).equals(label.getValue()));
		if (outside || contradicts) {
			at.report(DiagnosticCode.EXCLUSIVE_FIELDS,
					"a service in " + caller.namespace().orElse("") + " can never have these namespaces and labels",
					"services, or namespaces and labels that fit them");
			return Stream.empty();
		}
		SortedMap<String, String> both = new TreeMap<>(caller.labels());
		both.putAll(labels);
		return Stream.of(new RouteModel.Source(caller.namespace(), both));
	}

}
