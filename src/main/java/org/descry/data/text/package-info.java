/**
 * Texts from files to batches, and their vocabulary.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.data.text;
