/**
 * Models in service: where they come from, their versions, their memory.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.serve.model;
