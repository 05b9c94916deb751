package org.descry.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Locale;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.descry.DescryException;
import org.descry.ExitCode;
import org.descry.cli.progress.JsonProgress;
import org.descry.io.IoErrors;

/** Says what went wrong in a sentence; with the stack trace only when asked. */
final class Failures {
  private static final String MEMORY =
      "expected a smaller training.batchSize or model, or more memory: -Xmx for Java's heap,"
          + " -Dorg.bytedeco.javacpp.maxphysicalbytes for the whole program.";

  private Failures() {}

  /**
   * @return the exit code
   */
  static int report(Throwable failure, PrintWriter err, boolean debug, boolean json) {
    Told told = tell(failure, debug);
    int code = told.code().number();
    if (json) {
      String trace = debug ? ExceptionUtils.getStackTrace(failure) : null;
      JsonProgress.to(err).event("failure", new Failure(told.sentence(), code, trace));
    } else {
      if (debug) {
        failure.printStackTrace(err);
      }
      err.println(told.sentence());
      err.flush();
    }
    return code;
  }

  /** A line to be made in time, for when there is no memory to say what failed. */
  static byte[] outOfMemory() {
    return ("Out of memory: " + MEMORY + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** That nobody takes the output. */
  static DescryException lost() {
    return new DescryException(
        "Standard output could not be written to its end; expected a place that has room and is"
            + " read.");
  }

  private record Failure(String message, int exitCode, String stackTrace) {}

  private record Told(String sentence, ExitCode code) {}

  private static Told tell(Throwable failure, boolean debug) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DescryException own) {
        return new Told(sentence(own.getMessage()), own.exitCode());
      } else if (cause instanceof OutOfMemoryError) {
        return new Told(
            "Out of memory (%s): %s".formatted(cause.getMessage(), MEMORY), ExitCode.MEMORY);
      } else if (cause instanceof InvalidPathException path) {
        return new Told(unnameable(path), ExitCode.USAGE);
      } else if (cause instanceof UncheckedIOException io) {
        return new Told(
            "A file cannot be read or written: %s.".formatted(IoErrors.of(io.getCause())),
            ExitCode.DISK);
      }
    }
    String advice = debug ? "please report it with this stack trace" : "--debug shows where";
    return new Told(
        "Unexpected failure, which is a bug in Descry: %s; %s.".formatted(failure, advice),
        ExitCode.FAILURE);
  }

  private static String sentence(String message) {
    return message.matches("(?s).*[.?!]") ? message : message + ".";
  }

  static String unnameable(InvalidPathException path) {
    return "No file can be named %s (%s): expected another name, or a locale of UTF-8 (LC_ALL=C.UTF-8) where this one has no such characters."
        .formatted(path.getInput(), path.getReason().toLowerCase(Locale.ROOT));
  }
}
