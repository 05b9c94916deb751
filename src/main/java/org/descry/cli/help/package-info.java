/**
 * What the commands say of themselves and of command lines that cannot be followed.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.cli.help;
