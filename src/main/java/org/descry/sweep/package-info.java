/**
 * Hyperparameter sweeps: the sweep file, its search with Arbiter, the journal, and the report.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.sweep;
