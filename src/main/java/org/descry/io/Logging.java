package org.descry.io;

/**
 * What libraries and Descry log, as the program shows it. Programs that use the jar set their own.
 */
public final class Logging {
  /** Logback's property, which a user may have set. */
  private static final String CONFIGURATION = "logback.configurationFile";

  /** The property that says whether lines are {@code text} or {@code json}. */
  public static final String FORMAT = "descry.log";

  private static volatile boolean own;

  private Logging() {}

  /** Has Logback log as the program does, unless the user said how; before anything is logged. */
  public static void start() {
    own = System.getProperty(CONFIGURATION) == null;
  }

  /** Whether what the class path says of logging is nothing to this program. */
  static boolean own() {
    return own;
  }
}
