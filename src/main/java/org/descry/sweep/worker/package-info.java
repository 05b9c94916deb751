/**
 * Trainings in processes of their own.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.sweep.worker;
