package dev.meshwright.compile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
			| all | IST0002 | a field that a release deprecates is used only for clusters that run an older one |
			| VirtualService | IST0140 | a rule that holds at a gateway is expressed in the gateway's own API or refused |
			| VirtualService | IST0165 | each refers to the Gateway of its own service |
			| DestinationRule, PeerAuthentication | KIA0204, KIA0205, KIA0206, KIA0207, KIA0208, KIA0401, KIA0501, KIA0505, KIA0506 | none says `tls` for a host in the mesh, so Istio's automatic mutual TLS follows the PeerAuthentication |
			| security objects | KIA0002, IST0166 | each selects the pods of one service, or refers to its Service |
			| security objects | KIA0110, KIA1115 | in ambient namespaces they refer to the Service |
			| Service | IST0150 | none is an ExternalName |
			| Service | IST0170 | one declaration gives it the same ports everywhere |
			| HTTPRoute | KIA1402 | its backends are Services that are made with it |
			| Gateway (Gateway API) | KIA1501, KIA1502, KIA1503 | each has the hosts of one service, a listener for each, and names no address |
			| EnvoyFilter | IST0151, IST0152, IST0153, IST0154, IST0155 | there is one form: it has a priority, inserts a filter before the router and merges into virtual hosts |
			| Sidecar, Telemetry, WasmPlugin, WorkloadGroup, ReferenceGrant | IST0110, IST0111, IST0157, IST0159, IST0160, IST0167, KIA1006, KIA1007, KIA1111, KIA1112, KIA1116, KIA1117, KIA1601, KIA1701, KIA1702 | none is ever made |

			## What analysis may find

			These codes may be reported of objects that are as declared, because declarations alone do not show it.

			| object | codes | why |
			| --- | --- | --- |
			| Namespace, Pod | IST0102, IST0103, KIA1314, KIA1315, KIA1316 | `injection: none` is as declared, and how pods that run elsewhere joined the mesh only the cluster shows |
			| versions with a selector | IST0116, IST0127, IST0137, IST0173, KIA0003, KIA0004, KIA0203 | which pods carry the labels, and whether others select them, too, only the cluster shows; managed versions have labels of their own |
			| Pod | IST0143 | on which address an application listens only it knows |
			| Gateway | IST0138 | services of several namespaces may be exposed with one certificate; within one `CERTIFICATE_SHARED` says so. Looking further would make each service depend on every other that a fleet's certificate serves, and tell one team of another's |
			| Gateway | KIA0302, KIA1504 | the pods and the class of a gateway are those that its entry in the Cluster says |
			| waypoint | KIA1313 | it is named by the Namespace and made by somebody else |
			| AuthorizationPolicy | KIA0101 | a namespace's default policy may name one that calls none of its services: whether it exists is not told to who has no grant from it. Of the platform's policy and of rules for one service `CALLER_NAMESPACE_UNKNOWN` says so |
			| workloads without policy | KIA1301 | where no level declares `access`, the mesh's default holds, as `effective` says |
			| Gateway API | IST0156, IST0171, IST0172, IST0176 | which version is installed, and what its controller says, is the cluster's |
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

	@Test
	void everyCodeOfAnalysisAboutOurObjectsHasAnAnswer() throws IOException {
		try (InputStream codes = DiagnosticCatalogueTest.class.getResourceAsStream("/compile/analysis-codes.txt")) {
			assertThat(new String(codes.readAllBytes(), StandardCharsets.UTF_8).split("\\s+")).hasSizeGreaterThan(120)
				.allSatisfy((code) -> assertThat(page()).as(code).containsPattern("\\b" + code + "\\b"));
		}
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
