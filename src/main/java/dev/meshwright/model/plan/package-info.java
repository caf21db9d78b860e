/**
 * What a plan says: per unit and object what a push would do. Plain records that
 * reconcile makes, the store keeps and the API shows.
 */
@NullMarked
package dev.meshwright.model.plan;

import org.jspecify.annotations.NullMarked;
