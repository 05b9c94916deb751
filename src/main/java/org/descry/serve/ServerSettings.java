package org.descry.serve;

import java.nio.file.Path;
import java.time.Duration;
import org.descry.engine.dnn.Precision;

/**
 * How a server serves.
 *
 * @param host address to listen on
 * @param port 0 for any that is free
 * @param workers threads that compute, for each model
 * @param maxBatch most questions in a batch
 * @param maxDelay how long a worker waits for a larger batch while others are at work
 * @param queue most questions that wait for each model; a request of more is refused
 * @param maxRequest most bytes of a request's body
 * @param timeout of a request that names none
 * @param poll how often the models' files are looked at
 * @param memory most bytes of all models together
 * @param apiKeys file with a key a line; null where everybody may ask
 * @param tls null for plain HTTP
 * @param cors origin whose pages may ask, such as {@code https://example.org}; null for none
 * @param precision what products are rounded to
 * @param accessLog whether each request leaves a line
 */
public record ServerSettings(
    String host,
    int port,
    int workers,
    int maxBatch,
    Duration maxDelay,
    int queue,
    long maxRequest,
    Duration timeout,
    Duration poll,
    long memory,
    Path apiKeys,
    Tls tls,
    String cors,
    Precision precision,
    boolean accessLog) {

  /** Files of a certificate chain and of its key, both PEM. */
  public record Tls(Path certificate, Path key) {}
}
