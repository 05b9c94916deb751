/**
 * What all data have in common: seeds by purpose, and batches made ahead of their use.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.data;
