/**
 * Questions of many clients, answered together.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.serve.batch;
