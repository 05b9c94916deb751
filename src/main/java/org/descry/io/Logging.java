package org.descry.io;

/**
 * What libraries and Descry log, as the program shows it. Programs that use the jar set their own.
 */
public final class Logging {
  /** Logback's property, which a user may have set. */
  private static final String CONFIGURATION = "logback.configurationFile";

  /** The property that says whether lines are {@code text} or {@code json}. */
  public static final String FORMAT = "descry.log";

  static final String RESOURCE = "org/descry/logback.xml";

  private Logging() {}

  /** Configures Logback, unless the user did; before anything is logged. */
  public static void start() {
    if (System.getProperty(CONFIGURATION) == null) {
      System.setProperty(CONFIGURATION, RESOURCE);
    }
  }
}
