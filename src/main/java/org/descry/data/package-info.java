/** What all data have in common: seeds by purpose, and batches made ahead of their use. */
package org.descry.data;
