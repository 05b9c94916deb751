/**
 * Steps on batches, and what looks at them.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.train.step;
