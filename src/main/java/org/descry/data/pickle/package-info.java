/** Python's pickles, as far as they hold plain values. */
package org.descry.data.pickle;
