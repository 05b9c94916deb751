/**
 * What a sweep trains and what came out: candidates, their trainings, the objective.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.sweep.trial;
