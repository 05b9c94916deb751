package org.descry.cluster;

import java.io.Serializable;
import org.descry.UsageException;

/**
 * What every rank of a training needs to know.
 *
 * @param job as a job file
 * @param secret that the ranks and the driver know one another by
 * @param host of the driver
 * @param port where the driver is told how it goes
 * @param gathers whether the first rank adds up everything
 * @param timeoutMillis longest wait for another process
 * @param versions of Java and Descry that all have to have
 */
record Setup(
    String job,
    Secret secret,
    String host,
    int port,
    boolean gathers,
    int timeoutMillis,
    Versions versions)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * @param java feature version, such as 17
   */
  record Versions(int java, String descry) implements Serializable {
    private static final long serialVersionUID = 1L;

    static Versions here() {
      return new Versions(Runtime.version().feature(), org.descry.io.Versions.descry());
    }

    /**
     * Called by executors, on what the driver has.
     *
     * @throws UsageException if this process has others
     */
    void requireHere() {
      Versions here = here();
      if (!here.equals(this)) {
        throw new UsageException(
            "An executor runs Descry %s on Java %s, but the driver %s on %s; expected the same on all machines."
                .formatted(here.descry, here.java, descry, java));
      }
    }
  }
}
