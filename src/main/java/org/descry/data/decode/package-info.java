/**
 * Image files to pixels: formats told by their first bytes, sizes checked before decoding.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.data.decode;
