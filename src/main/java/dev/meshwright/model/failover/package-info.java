/** What a service does when parts of it fail, as declared. Plain records. */
@NullMarked
package dev.meshwright.model.failover;

import org.jspecify.annotations.NullMarked;
