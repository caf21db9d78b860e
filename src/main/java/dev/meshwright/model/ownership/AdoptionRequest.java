package dev.meshwright.model.ownership;

import java.util.List;

import dev.meshwright.model.ServiceRef;
import org.jspecify.annotations.Nullable;

/**
 * What a job of adoption is to do.
 *
 * @param service the service
 * @param dryRun whether to take over nothing
 * @param objects what to take over; null to find out what there is
 * @param action the API's operation, for the audit
 * @param remoteAddress where the request came from, for the audit
 */
public record AdoptionRequest(ServiceRef service, boolean dryRun, @Nullable List<AdoptedObject> objects, String action,
		String remoteAddress) {
}
