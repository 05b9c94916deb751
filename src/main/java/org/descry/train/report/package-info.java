/**
 * A training as a page.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.train.report;
