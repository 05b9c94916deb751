/** Captions from annotation files to batches, with their images or features. */
package org.descry.data.caption;
