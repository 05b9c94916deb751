/**
 * The built-in data sets: shapes and scenes, drawn from a seed.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.data.builtin;
