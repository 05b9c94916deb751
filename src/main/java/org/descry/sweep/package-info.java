/** Hyperparameter sweeps: the sweep file, its search with Arbiter, the journal, and the report. */
package org.descry.sweep;
