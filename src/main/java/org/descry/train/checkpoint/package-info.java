/**
 * Checkpoints: all that a training has to know to go on as if it had never been interrupted.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.train.checkpoint;
