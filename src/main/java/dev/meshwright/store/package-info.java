/**
 * Postgres: resources, revisions, changed keys, units, inventory, tombstones, tokens,
 * audit rows. Each public interface is what others may ask; the classes behind them hold
 * the SQL and never leave the package. Time is the database's. May use model and
 * document.
 */
@NullMarked
package dev.meshwright.store;

import org.jspecify.annotations.NullMarked;
