/**
 * A training as events of the Java runtime.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.train.events;
