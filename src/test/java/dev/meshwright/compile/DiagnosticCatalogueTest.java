package dev.meshwright.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.meshwright.model.DiagnosticCode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The page that users read is the catalogue, nothing else. */
class DiagnosticCatalogueTest {

	/** Each line holds because of how the object is made; goldens and checks prove it. */
	private static final String NEVER_FOUND = """

			## What analysis never finds in our objects

			These codes speak of faults that the objects made here cannot have, so a finding with one of them is about an
			object that somebody else made.

			| object | codes | why |
			| --- | --- | --- |
			| all | IST0106, IST0107, IST0108, IST0125, IST0135, IST0136 | every kind of object is tested against the real schemas; `networking.istio.io/exportTo` is the only Istio annotation |
			| VirtualService | IST0101, KIA1101, KIA1102, KIA1107 | a host, gateway or subset is rendered only from a declaration that exists |
			| VirtualService | IST0109, IST0132, KIA1106 | a host belongs to one service, and its Gateway has exactly the hosts of its routes |
			| VirtualService | IST0112 | every destination says its port |
			| VirtualService | KIA1104, KIA1108 | a single destination has no weight; gateways are named `namespace/name` |
			| VirtualService, DestinationRule | KIA1114, KIA0212 | they are in the namespace of the service |
			| DestinationRule | IST0174, KIA0201, KIA0202, KIA0209 | one for each host of a declared service; a subset is a version and has labels |
			| Gateway | IST0145, KIA0301 | each has the hosts of one service |
			| ServiceEntry | IST0177, KIA1211, KIA1212 | a host is one service's in its namespace, and no other namespace sees it |
			| Service | IST0118, KIA0601, KIA0602 | every port says its `appProtocol` |
			| Service | KIA0701 | the container ports of managed versions follow from the service's |
			| all with `exportTo` | KIA0005 | only namespaces on the cluster are named |
			| Namespace | IST0123, KIA1311, KIA1312 | there is one way to join the mesh, and a waypoint only with ambient |
			""";

	private static final Path PAGE = Path.of("docs/diagnostics.md");

	@Test
	void pageShowsTheCatalogue() throws IOException {
		String expected = page();
		if (Boolean.getBoolean("golden.update")) {
			Files.writeString(PAGE, expected);
		}
		assertThat(PAGE).as("run with -Dgolden.update=true to rewrite %s", PAGE).hasContent(expected);
	}

	private static String page() {
		StringBuilder page = new StringBuilder("""
				# Diagnostics

				What the compiler may say about a declaration. An ERROR refuses the write that introduces it, a WARNING
				does not. `…` stands for what the finding fills in; the last column names the codes of istioctl analyze
				(IST) and Kiali (KIA) that speak of the same.

				| code | severity | meaning | remedy | see also |
				| --- | --- | --- | --- | --- |
				""");
		for (DiagnosticCode code : DiagnosticCode.values()) {
			page.append("| `")
				.append(code)
				.append("` | ")
				.append(code.severity())
				.append(" | ")
				.append(code.description())
				.append(" | ")
				.append(code.remedy().replace("%s", "…").replace("|", "\\|"))
				.append(" | ")
				.append(String.join(", ", code.references()))
				.append(" |\n");
		}
		return page.append(NEVER_FOUND).toString();
	}

}
