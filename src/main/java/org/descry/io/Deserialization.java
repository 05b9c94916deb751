package org.descry.io;

import java.io.ObjectInputFilter;

/**
 * Java's deserialisation, which runs what a file says. Nothing in Descry needs it; a program of
 * Descry's own switches it off for its process. A library does not: its host may have other needs.
 */
public final class Deserialization {
  private static volatile boolean refused = true;

  private Deserialization() {}

  /** Refuses every object from now on, unless the user has set a filter of their own. */
  public static void refuseAll() {
    if (ObjectInputFilter.Config.getSerialFilter() == null) {
      ObjectInputFilter.Config.setSerialFilter(
          info -> refused ? ObjectInputFilter.Status.REJECTED : ObjectInputFilter.Status.UNDECIDED);
    }
  }

  /** Takes objects from now on: the processes of a cluster speak in them. */
  public static void accept() {
    refused = false;
  }
}
