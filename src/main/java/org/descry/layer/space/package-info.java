/**
 * Descry's layers and vertices in Arbiter's search spaces. Needs {@code arbiter-core} and {@code
 * arbiter-deeplearning4j}, which are optional.
 */
package org.descry.layer.space;
