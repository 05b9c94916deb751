/** Annotation files, one caption after another, in the formats that people have. */
package org.descry.data.caption.file;
