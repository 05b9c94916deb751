/** The command line: the only place that prints, parses arguments and chooses exit codes. */
package org.descry.cli;
