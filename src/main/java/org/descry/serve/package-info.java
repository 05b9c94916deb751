/**
 * The server: trained models behind HTTP. {@link org.descry.serve.batch} makes batches of what is
 * asked, {@link org.descry.serve.model} loads models and takes them out of service, {@link
 * org.descry.serve.http} speaks with clients. It knows models by {@link
 * org.descry.kind.service.Service} alone.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.serve;
