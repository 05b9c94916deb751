/**
 * Networks of DL4J's own layers that stand for those of Descry's.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.export.stock;
