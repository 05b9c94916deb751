/**
 * Runs beside one another.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.train.compare;
