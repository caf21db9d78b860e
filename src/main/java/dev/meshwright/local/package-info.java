/**
 * What only the local run needs: embedded Postgres, the sandbox cluster, the first token.
 * May use store, cluster, access, document and model.
 */
@NullMarked
package dev.meshwright.local;

import org.jspecify.annotations.NullMarked;
