/**
 * What a trained model answers when many ask: the one face that every kind of model shows to a
 * server.
 */
package org.descry.kind.service;
