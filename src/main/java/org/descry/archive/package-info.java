/** The model zip and what it says of itself. */
package org.descry.archive;
