package dev.meshwright;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/**
 * The shape of the house. A rule that fails says why it is there; change the rule only
 * together with the reason.
 */
class ArchitectureTest {

	private static final String ROOT = "dev.meshwright.";

	private static final int WALL = 400;

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("dev.meshwright");

	/** Which package may use which, and why not more. */
	private static final List<Arrow> ARROWS = List.of(
			new Arrow("model", Set.of(), "everything depends on the model, so it depends on nothing"),
			new Arrow("document", Set.of("model"), "documents are the model as text, whoever reads or stores them"),
			new Arrow("compile", Set.of("model"),
					"compilation is a pure function of a snapshot; it runs in tests," + " dry runs and pushes alike"),
			new Arrow("provider", Set.of("model", "compile"),
					"a renderer sees a resolved model and nothing else, so a new provider is one new package"),
			new Arrow("simulate", Set.of("model"), "a simulation is evaluated on manifests alone"),
			new Arrow("store", Set.of("model", "document"), "the store keeps what others decide"),
			new Arrow("cluster", Set.of("model"), "a gateway carries out and reports; it decides nothing"),
			new Arrow("telemetry", Set.of("model"), "telemetry answers queries and knows no declarations"),
			new Arrow("reconcile", Set.of("model", "document", "compile", "store", "cluster", "telemetry"),
					"reconcile brings clusters to what is stored; HTTP and callers are none of its business"),
			new Arrow("rollout", Set.of("model", "document", "store", "telemetry"),
					"a rollout only writes routing weights, as any user could"),
			new Arrow("access", Set.of("model", "store"), "who may do what must not depend on what is asked"),
			new Arrow("api", Set.of("model", "document", "store", "compile", "simulate", "access", "telemetry"),
					"an API call never waits for a cluster: api meets reconcile and cluster in the store"),
			new Arrow("local", Set.of("model", "document", "store", "cluster", "access"),
					"the local run only provides what a real one is configured with"));

	/** What only some packages may use, and why. */
	private static final List<Reserved> RESERVED = List.of(
			new Reserved("io.fabric8..", Set.of("cluster..", "provider.."),
					"a cluster has one door, and another client can be put behind it"),
			new Reserved("java.sql..", Set.of("store.."), "SQL has one home, where its locks and their order are seen"),
			new Reserved("javax.sql..", Set.of("store..", "local.."), "only the store asks the database"),
			new Reserved("org.springframework.jdbc..", Set.of("store.."), "only the store asks the database"),
			new Reserved("org.springframework.transaction..", Set.of("store.."),
					"a transaction is short and begins and ends in the store"),
			new Reserved("org.postgresql..", Set.of("store.."), "only the store knows which database it is"),
			new Reserved("io.zonky..", Set.of("local.."), "embedded Postgres is not in the packaged application"),
			new Reserved("jakarta.persistence..", Set.of(), "the store speaks SQL, see docs/decisions/001"),
			new Reserved("com.fasterxml.jackson.databind..", Set.of(),
					"our own JSON is Jackson 3; Jackson 2 is there for fabric8 only"),
			new Reserved("jakarta.servlet..", Set.of("api..", "access.."), "HTTP ends at the API"),
			new Reserved("org.springframework.web..", Set.of("api..", "access.."), "HTTP ends at the API"));

	@TestFactory
	Stream<DynamicTest> arrowsPointOneWay() {
		return ARROWS.stream().map((arrow) -> dynamicTest(arrow.from() + " may use " + arrow.mayUse(), () -> {
			String[] forbidden = ARROWS.stream()
				.map(Arrow::from)
				.filter((other) -> !other.equals(arrow.from()) && !arrow.mayUse().contains(other))
				.map((other) -> ROOT + other + "..")
				.toArray(String[]::new);
			check(noClasses().that()
				.resideInAPackage(ROOT + arrow.from() + "..")
				.should()
				.dependOnClassesThat()
				.resideInAnyPackage(forbidden)
				.because(arrow.because()));
		}));
	}

	@Test
	void everyPackageHasItsArrows() {
		Set<String> drawn = ARROWS.stream().map(Arrow::from).collect(Collectors.toCollection(TreeSet::new));
		Set<String> found = CLASSES.stream()
			.map(JavaClass::getPackageName)
			.filter((name) -> name.startsWith(ROOT))
			.map((name) -> name.substring(ROOT.length()).split("\\.")[0])
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(drawn).as("a new package first says here whom it may use, and why").containsAll(found);
	}

	@TestFactory
	Stream<DynamicTest> librariesStayBehindTheirDoor() {
		return RESERVED.stream().map((reserved) -> dynamicTest(reserved.library(), () -> {
			String[] homes = reserved.homes().stream().map((home) -> ROOT + home).toArray(String[]::new);
			ArchRule rule = noClasses().that()
				.resideInAPackage("dev.meshwright..")
				.and()
				.resideOutsideOfPackages(homes)
				.should()
				.dependOnClassesThat()
				.resideInAPackage(reserved.library())
				.because(reserved.because());
			check(rule);
		}));
	}

	@Test
	void nobodyKnowsAProvider() {
		Map<String, List<String>> users = new LinkedHashMap<>();
		for (JavaClass type : CLASSES) {
			type.getDirectDependenciesFromSelf()
				.stream()
				.map((dependency) -> dependency.getTargetClass().getBaseComponentType().getPackageName())
				.filter((target) -> target.startsWith(ROOT + "provider."))
				.filter((target) -> !provider(target).equals(provider(type.getPackageName())))
				.forEach((target) -> users.computeIfAbsent(target, (name) -> new java.util.ArrayList<>())
					.add(type.getName()));
		}
		assertThat(users).as("providers are injected as List<Renderer>, so that one more is one more package")
			.isEmpty();
	}

	private static String provider(String packageName) {
		return packageName.startsWith(ROOT + "provider.")
				? packageName.substring((ROOT + "provider.").length()).split("\\.")[0] : "";
	}

	@Test
	void theModelIsPlainJava() {
		check(classes().that()
			.resideInAPackage(ROOT + "model..")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify..", ROOT + "model..")
			.because("the model outlives every framework and library that is used around it"));
	}

	@Test
	void compilationIsPure() {
		check(noClasses().that()
			.resideInAnyPackage(ROOT + "compile..", ROOT + "provider..", ROOT + "simulate..", ROOT + "model..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net.http..",
					"java.util.concurrent.locks..", "java.security..")
			.orShould()
			.dependOnClassesThat()
			.haveNameMatching("java\\.time\\.Clock|java\\.time\\.InstantSource|java\\.util\\.(Spl.*|Secure.*|)Random.*"
					+ "|java\\.util\\.random\\..*|java\\.util\\.concurrent\\.ThreadLocalRandom|java\\.lang\\.Thread"
					+ "|java\\.net\\.(Socket|InetAddress|URL|URLConnection)")
			.because("the same snapshot gives the same bytes: no clock, no random, no I/O, no threads"));
		check(noClasses().that()
			.resideInAnyPackage(ROOT + "compile..", ROOT + "provider..", ROOT + "simulate..", ROOT + "model..")
			.should()
			.callMethodWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(IMPURE))
			.because("the same snapshot gives the same bytes: no clock, no random, no environment"));
	}

	private static final com.tngtech.archunit.base.DescribedPredicate<com.tngtech.archunit.core.domain.AccessTarget> IMPURE = com.tngtech.archunit.base.DescribedPredicate
		.describe("reads the clock, randomness or the environment", (target) -> {
			String owner = target.getOwner().getName();
			String name = target.getName();
			return (owner.startsWith("java.time.") && name.equals("now"))
					|| (owner.equals("java.lang.System")
							&& Set.of("currentTimeMillis", "nanoTime", "getenv", "getProperty").contains(name))
					|| (owner.equals("java.lang.Math") && name.equals("random"))
					|| (owner.equals("java.util.UUID") && name.equals("randomUUID"));
		});

	@Test
	void namesSayWhatAClassIsFor() {
		check(noClasses().that()
			.resideInAPackage("dev.meshwright..")
			.should()
			.haveSimpleNameEndingWith("Utils")
			.orShould()
			.haveSimpleNameEndingWith("Util")
			.orShould()
			.haveSimpleNameEndingWith("Helper")
			.orShould()
			.haveSimpleNameEndingWith("Manager")
			.orShould()
			.haveSimpleNameEndingWith("Impl")
			.orShould()
			.haveSimpleNameEndingWith("Common")
			.orShould()
			.haveSimpleNameStartingWith("Base")
			.because("such a name says nothing, and everything ends up in such a class"));
	}

	@Test
	void dependenciesAreGivenToTheConstructor() {
		check(com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields()
			.that()
			.areDeclaredInClassesThat()
			.resideInAPackage("dev.meshwright..")
			.should()
			.beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
			.orShould()
			.beAnnotatedWith("jakarta.inject.Inject")
			.because("a class that is built has everything it needs"));
	}

	@Test
	void everyPackageSaysWhatItHoldsAndIsNullMarked() throws IOException {
		try (Stream<Path> tree = Files.walk(Path.of("src/main/java/dev/meshwright"))) {
			List<Path> packages = tree.filter((path) -> path.toString().endsWith(".java"))
				.map(Path::getParent)
				.distinct()
				.toList();
			assertThat(packages).isNotEmpty().allSatisfy((directory) -> {
				Path info = directory.resolve("package-info.java");
				assertThat(info).exists();
				assertThat(Files.readString(info)).startsWith("/**").contains("@NullMarked");
			});
		}
	}

	@Test
	void noFileIsLongerThanTheWall() throws IOException {
		Map<Path, Integer> tooLong = new LinkedHashMap<>();
		for (Path file : sources()) {
			int lines = Files.readAllLines(file).size();
			if (lines > WALL) {
				tooLong.put(file, lines);
			}
		}
		assertThat(tooLong).as("files of more than %d lines do more than one thing", WALL).isEmpty();
	}

	@Test
	void nineOfTenFilesAreShort() throws IOException {
		List<Integer> lengths = sources().stream()
			.map(ArchitectureTest::length)
			.sorted(Comparator.naturalOrder())
			.toList();
		assertThat(lengths.get(lengths.size() * 9 / 10)).as("lines of the longest of nine files out of ten")
			.isLessThan(270);
	}

	private static int length(Path file) {
		try {
			return Files.readAllLines(file).size();
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	private static List<Path> sources() throws IOException {
		try (Stream<Path> tree = Files.walk(Path.of("src"))) {
			return tree.filter((path) -> path.toString().endsWith(".java")).toList();
		}
	}

	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(CLASSES);
	}

	/**
	 * @param from a package
	 * @param mayUse the packages it may use beside itself
	 * @param because why no others
	 */
	private record Arrow(String from, Set<String> mayUse, String because) {
	}

	/**
	 * @param library packages of a library
	 * @param homes the packages of ours that may use it
	 * @param because why no others
	 */
	private record Reserved(String library, Set<String> homes, String because) {
	}

}
