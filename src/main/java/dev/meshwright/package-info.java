/**
 * The process, and the beans that join packages which must not know each other: the
 * compiler is given its renderers here.
 */
@NullMarked
package dev.meshwright;

import org.jspecify.annotations.NullMarked;
