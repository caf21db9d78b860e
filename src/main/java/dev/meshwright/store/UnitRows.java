package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import org.jspecify.annotations.Nullable;

/** Columns that name units and objects, read. */
final class UnitRows {

	private UnitRows() {
	}

	static UnitId unit(ResultSet row) throws SQLException {
		return new UnitId(row.getString("cluster"), row.getString("namespace"), row.getString("service"));
	}

	static ObjectRef object(ResultSet row) throws SQLException {
		return new ObjectRef(kind(row.getString("object_kind")), row.getString("object_namespace"),
				row.getString("object_name"));
	}

	/** The object kind of this text, as {@link ObjectKind#toString} gives it. */
	static ObjectKind kind(String text) {
		return ObjectKind.named(text)
			.orElseThrow(() -> new IllegalStateException("The inventory holds a " + text
					+ ", which this version does not know; run the version that pushed it, or a newer one"));
	}

	static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	/** Milliseconds as an interval of SQL needs them: seconds. */
	static double seconds(java.time.Duration duration) {
		return duration.toNanos() / 1e9;
	}

}
