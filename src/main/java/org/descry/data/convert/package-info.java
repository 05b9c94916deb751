/**
 * Looks at image data, and converts them between their forms.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.data.convert;
