/**
 * The search itself, through Arbiter.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.sweep.arbiter;
