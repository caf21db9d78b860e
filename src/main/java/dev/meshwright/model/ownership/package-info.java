/**
 * Who owns what in a cluster: what may be taken over, and what is. Plain records that
 * reconcile makes, the store keeps and the API shows.
 */
@NullMarked
package dev.meshwright.model.ownership;

import org.jspecify.annotations.NullMarked;
