package org.descry.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.descry.DescryException;

/** Masters of a standalone cluster. Spark itself tries to reach them for a minute. */
final class Masters {
  private static final String SCHEME = "spark://";
  private static final int PATIENCE_MILLIS = 10_000;

  private Masters() {}

  /** Whether this is one of a standalone cluster. */
  static boolean isStandalone(String master) {
    return master.startsWith(SCHEME);
  }

  /**
   * Calls them; other kinds of masters are left alone.
   *
   * @param master as Spark names it; may be several, separated by commas
   * @throws DescryException if none of them can be reached
   */
  static void requireOne(String master) {
    if (!isStandalone(master)) {
      return;
    }
    List<String> reasons = new ArrayList<>();
    for (String address : master.substring(SCHEME.length()).split(",", -1)) {
      int colon = address.lastIndexOf(':');
      try (Socket socket = new Socket()) {
        int port = Integer.parseInt(address.substring(colon + 1));
        socket.connect(
            new InetSocketAddress(address.substring(0, Math.max(0, colon)), port), PATIENCE_MILLIS);
        return;
      } catch (IOException e) {
        boolean unknown = e instanceof UnknownHostException;
        reasons.add(address + ": " + (unknown ? "unknown host" : e.getMessage()));
      } catch (IllegalArgumentException e) { // no port
        reasons.add(address + ": no HOST:PORT");
      }
    }
    throw new DescryException(
        "No master of %s can be reached (%s); expected one that is running."
            .formatted(master, String.join("; ", reasons)));
  }
}
