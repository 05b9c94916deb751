/**
 * The folder of a run: who holds it, what is in it, and where it lies.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.train.folder;
