package dev.meshwright.api;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

import dev.meshwright.access.Requires;
import dev.meshwright.model.Kind;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

class RequiresTest {

	@Test
	void everyOperationDeclaresAPermission() {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
		var operations = scanner.findCandidateComponents("dev.meshwright")
			.stream()
			.map((bean) -> ClassUtils.resolveClassName(bean.getBeanClassName(), null))
			.flatMap((type) -> Arrays.stream(type.getDeclaredMethods()))
			.filter((method) -> AnnotatedElementUtils.hasAnnotation(method, RequestMapping.class))
			.toList();
		assertThat(operations).hasSizeGreaterThan(10)
			.allMatch((Method method) -> method.isAnnotationPresent(Requires.class));
	}

	@Test
	void pathsNameEveryKind() {
		assertThat(Paths.GLOBAL).isEqualTo("{kind:" + plurals(false) + "}");
		assertThat(Paths.NAMESPACED).isEqualTo("{kind:" + plurals(true) + "}");
	}

	private static String plurals(boolean namespaced) {
		return Arrays.stream(Kind.values())
			.filter((kind) -> kind.namespaced() == namespaced)
			.map(Kind::plural)
			.collect(Collectors.joining("|"));
	}

}
