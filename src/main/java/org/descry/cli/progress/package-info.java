/**
 * How a training and a sweep are told of in a terminal.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.cli.progress;
