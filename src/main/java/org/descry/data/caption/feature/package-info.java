/** Feature vectors from numpy's files. */
package org.descry.data.caption.feature;
