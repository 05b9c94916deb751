/**
 * Files that survive: atomic writes, folders that appear whole, locks, JSON. The ground floor.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.io;
