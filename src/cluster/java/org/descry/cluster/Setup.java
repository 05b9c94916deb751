package org.descry.cluster;

import java.io.Serializable;

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
  }
}
