package org.descry.cli;

import java.io.PrintWriter;
import org.descry.DescryException;
import picocli.CommandLine.ExitCode;

/** Says what went wrong in a sentence; with the stack trace only when asked. */
final class Failures {
  private Failures() {}

  /**
   * @return the exit code
   */
  static int report(Throwable failure, PrintWriter err, boolean debug) {
    if (debug) {
      failure.printStackTrace(err);
    }
    err.println(message(failure, debug));
    err.flush();
    return ExitCode.SOFTWARE;
  }

  private static String message(Throwable failure, boolean debug) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DescryException) {
        return cause.getMessage();
      } else if (cause instanceof OutOfMemoryError) {
        return "Out of memory (%s): expected a smaller training.batchSize or model, or more memory: -Xmx for Java's heap, -Dorg.bytedeco.javacpp.maxbytes for the engine's."
            .formatted(cause.getMessage());
      }
    }
    String advice = debug ? "please report it with this stack trace" : "--debug shows where";
    return "Unexpected failure, which is a bug in Descry: %s; %s.".formatted(failure, advice);
  }
}
