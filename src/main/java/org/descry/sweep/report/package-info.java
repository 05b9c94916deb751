/**
 * The results of a sweep as a page, as CSV and as JSON.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.sweep.report;
