package dev.meshwright.api;

import dev.meshwright.access.Requires;
import dev.meshwright.document.RecordBinder;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.store.Upgrades;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What a newer version would change before it pushes, and an operator's word that it may.
 */
@RestController
@RequestMapping(path = Paths.BASE + "/upgrades", produces = { Formats.JSON, Formats.YAML })
class UpgradeController {

	private final Upgrades upgrades;

	UpgradeController(Upgrades upgrades) {
		this.upgrades = upgrades;
	}

	@GetMapping
	@Requires(Permission.ADMINISTER)
	@Described(id = "listUpgrades", summary = "Read which versions push, and what one that is held would change",
			answer = UpgradeListView.class)
	ResponseEntity<byte[]> list(Caller caller, HttpServletRequest request) {
		return Answer.ok(request, UpgradeListView.of(this.upgrades.all()));
	}

	/**
	 * The preview that was read.
	 *
	 * @param digest the digest that the list shows
	 */
	record ReleaseUpgradeRequest(String digest) {
	}

	@PostMapping(path = "/{version}/release", consumes = { Formats.JSON, Formats.YAML })
	@Requires(Permission.ADMINISTER)
	@Described(id = "releaseUpgrade", summary = "Let a newer version push, naming the preview that was read",
			answer = UpgradeListView.class, status = 202, body = UpgradeController.ReleaseUpgradeRequest.class,
			example = "{\"digest\": \"5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef\"}")
	ResponseEntity<byte[]> release(Caller caller, @PathVariable int version, @RequestBody byte[] body,
			HttpServletRequest request) {
		ReleaseUpgradeRequest asked = RecordBinder.bind(ReleaseUpgradeRequest.class, Formats.document(body, request));
		Upgrades.Upgrade found = this.upgrades.all()
			.stream()
			.filter((each) -> each.version() == version)
			.findFirst()
			.orElseThrow(() -> ApiFailure.of(HttpStatus.NOT_FOUND, "NOT_FOUND",
					"No replica of compiler version " + version + " has run here"));
		if (!this.upgrades.release(caller, version, asked.digest)) {
			throw (found.leadsSince() != null)
					? ApiFailure.of(HttpStatus.CONFLICT, "NOT_HELD",
							"Compiler version " + version + " pushes already; there is nothing to release")
					: ApiFailure.of(HttpStatus.CONFLICT, "OTHER_FINDING", "That is not what compiler version " + version
							+ " would change now; read GET /api/v1/upgrades again and decide on what it says");
		}
		return Answer.of(HttpStatus.ACCEPTED).body(request, UpgradeListView.of(this.upgrades.all()));
	}

}
