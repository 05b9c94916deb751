package org.descry.sweep.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.descry.DescryException;
import org.descry.DiskException;
import org.descry.io.AtomicFiles;

/**
 * Writes the results of a sweep: {@code report.html}, {@code results.csv}, {@code results.json}.
 */
public final class SweepReport {
  private SweepReport() {}

  /**
   * Writes the three files into a folder that exists; each is there whole or not at all.
   *
   * @throws DescryException if one of them cannot be written
   */
  public static void write(SweepResults results, Path folder) {
    write(results, folder, false);
  }

  /** The same of a sweep that goes on: its page says so, and loads itself anew. */
  public static void writeRunning(SweepResults results, Path folder) {
    write(results, folder, true);
  }

  private static void write(SweepResults results, Path folder, boolean running) {
    List<RankedCandidate> ranking = RankedCandidate.of(results);
    Importance importance = Importance.of(results);
    write(folder.resolve("results.csv"), ResultsCsv.text(results, ranking));
    write(
        folder.resolve("results.json"),
        ResultsJson.of(results, ranking, importance, folder).text());
    write(
        folder.resolve("report.html"),
        new SweepPage(results, ranking, importance, folder, running).html());
  }

  private static void write(Path file, String text) {
    try {
      AtomicFiles.write(file, text);
    } catch (IOException e) {
      throw new DiskException(
          "Cannot write %s: %s; expected a folder that can be written and has room."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
