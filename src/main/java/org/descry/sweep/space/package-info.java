/**
 * The space that a sweep searches.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.sweep.space;
