/** Files that survive: atomic writes, folders that appear whole, locks, JSON. The ground floor. */
package org.descry.io;
