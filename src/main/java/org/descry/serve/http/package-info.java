/**
 * What clients speak with: the Open Inference Protocol, the practical endpoints, the page.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.serve.http;
