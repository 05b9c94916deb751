/**
 * What a network is made of, for people.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.train.layers;
