package org.descry.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** The connections of one of the processes that train together, by the others' ranks. */
final class Links {
  private Links() {}

  /**
   * Each process calls those of lower rank and is called by the others; where the first one gathers
   * everything, only that is called.
   *
   * @param server where this one is called
   * @param all addresses by rank
   * @param gathers whether the first process adds up everything, and the others speak to it alone
   * @throws IOException if one of them does not answer in time or does not know the secret
   */
  static Mesh connect(
      int rank,
      ServerSocket server,
      List<InetSocketAddress> all,
      Secret secret,
      int timeoutMillis,
      boolean gathers)
      throws IOException {
    Link[] links = new Link[all.size()];
    boolean connected = false;
    try {
      for (int other = 0; other < (gathers ? Math.min(1, rank) : rank); other++) {
        links[other] = Link.call(all.get(other), secret, rank, timeoutMillis);
        if (links[other].peer() != other) {
          throw new IOException(
              "expected rank %s at %s, got %s"
                  .formatted(other, all.get(other), links[other].peer()));
        }
      }
      server.setSoTimeout(timeoutMillis);
      for (int missing = gathers && rank > 0 ? 0 : all.size() - 1 - rank; missing > 0; ) {
        Link link = stranger(server, secret, rank, timeoutMillis);
        if (link != null && link.peer() > rank && link.peer() < all.size()) {
          links[link.peer()] = link;
          missing--;
        }
      }
      connected = true;
      return new Mesh(rank, links, gathers);
    } finally {
      if (!connected) {
        close(links);
      }
    }
  }

  /** Null for a caller that is none of us: whoever scans ports does not end a training. */
  private static Link stranger(ServerSocket server, Secret secret, int rank, int timeoutMillis)
      throws IOException {
    var socket = server.accept();
    try {
      return Link.answer(socket, secret, rank, timeoutMillis);
    } catch (IOException e) {
      return null;
    }
  }

  static void close(Link[] links) throws IOException {
    for (Link link : links) {
      if (link != null) {
        link.close();
      }
    }
  }
}
