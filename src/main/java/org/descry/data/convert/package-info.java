/** Looks at image data, and converts them between their forms. */
package org.descry.data.convert;
