/** Texts from files to batches, and their vocabulary. */
package org.descry.data.text;
