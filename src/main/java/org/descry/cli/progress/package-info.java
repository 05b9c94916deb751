/** How a training and a sweep are told of in a terminal. */
package org.descry.cli.progress;
