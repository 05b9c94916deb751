/**
 * Feature vectors from numpy's files.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.data.caption.feature;
