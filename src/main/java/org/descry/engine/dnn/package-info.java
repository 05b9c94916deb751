/**
 * oneDNN called directly: primitives made once for a shape, executed on ND4J's memory. ND4J's own
 * operations stay as the fallback; {@link org.descry.engine.dnn.Dnn} says which of the two runs.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.engine.dnn;
