/**
 * Models as SameDiff graphs.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.export.samediff;
