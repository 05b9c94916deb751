/**
 * Many images at once, from folders or packs into files of answers.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.kind.bulk;
