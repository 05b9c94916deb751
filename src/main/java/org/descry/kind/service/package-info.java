/**
 * What a trained model answers when many ask: the one face that every kind of model shows to a
 * server.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.kind.service;
