/** What people or controllers decide for a time, as declared. Plain records. */
@NullMarked
package dev.meshwright.model.override;

import org.jspecify.annotations.NullMarked;
