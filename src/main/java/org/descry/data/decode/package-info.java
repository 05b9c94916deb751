/** Image files to pixels: formats told by their first bytes, sizes checked before decoding. */
package org.descry.data.decode;
