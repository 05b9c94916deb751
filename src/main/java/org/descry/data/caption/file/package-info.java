/**
 * Annotation files, one caption after another, in the formats that people have.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.data.caption.file;
