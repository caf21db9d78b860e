package dev.meshwright.api;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.function.Predicate;
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
		assertThat(Paths.GLOBAL).isEqualTo("{kind:" + plurals((kind) -> kind.scope().admits("")) + "}");
		assertThat(Paths.ANY).isEqualTo("{kind:" + plurals((_) -> true) + "}");
		assertThat(Paths.NAMESPACED).isEqualTo("{kind:" + plurals((kind) -> kind.scope().admits("shop")) + "}");
	}

	private static String plurals(Predicate<Kind> wanted) {
		return Arrays.stream(Kind.values()).filter(wanted).map(Kind::plural).collect(Collectors.joining("|"));
	}

}
