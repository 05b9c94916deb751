/**
 * Looks for a job's learning rate.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.train.rate;
