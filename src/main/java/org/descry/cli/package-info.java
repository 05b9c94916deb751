/**
 * The command line: the only place that prints, parses arguments and chooses exit codes.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.cli;
