package dev.meshwright.store;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Binds the specs of rows. A row that cannot be bound is in quarantine: it counts as not
 * declared, so that it stops nobody else's work, and is logged once for each version of
 * it. Declaring it anew mends it.
 */
@Component
class SpecReader {

	private static final Logger logger = LoggerFactory.getLogger(SpecReader.class);

	private final Set<String> quarantined = ConcurrentHashMap.newKeySet();

	Optional<StoredResource> bind(ResourceRow row) {
		try {
			Resource<?> resource = new Resource<>(row.id(), row.metadata(),
					SpecBinder.stored(row.id().kind(), row.specTree()));
			return Optional.of(new StoredResource(resource, row.specTree()));
		}
		catch (RuntimeException ex) {
			if (this.quarantined.add(row.id() + "@" + row.metadata().resourceVersion())) {
				logger.error(
						"{} at revision {} cannot be read and counts as not declared; declare it anew to mend it: {}",
						row.id(), row.metadata().revision(), ex.getMessage());
			}
			return Optional.empty();
		}
	}

	List<StoredResource> bind(List<ResourceRow> rows) {
		return rows.stream().map(this::bind).flatMap(Optional::stream).toList();
	}

}
