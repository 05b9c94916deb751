/** The folder of a run: who holds it, what is in it, and where it lies. */
package org.descry.train.folder;
