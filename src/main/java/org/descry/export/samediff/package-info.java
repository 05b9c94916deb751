/** Models as SameDiff graphs. */
package org.descry.export.samediff;
