/**
 * Captions from annotation files to batches, with their images or features.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.data.caption;
