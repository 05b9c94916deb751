package org.descry.sweep.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.io.AtomicFiles;
import org.descry.io.IoErrors;
import org.descry.sweep.trial.Objective;

/**
 * Writes the results of a sweep: {@code report.html}, {@code results.csv}, {@code results.json}.
 */
public final class SweepReport {
  private static final String RESULTS = "results.json";

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

  /**
   * What {@link #write} has left in a folder.
   *
   * @throws DescryException if there are no results, or they are damaged
   */
  public static SweepResults read(Path folder) {
    Path file = folder.resolve(RESULTS);
    try {
      return ResultsJson.read(file);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new DataException(file + " is damaged; expected the results as a sweep wrote them.", e);
    } catch (IOException e) {
      throw new DataException(
          "%s: %s; expected the results of a sweep.".formatted(file, IoErrors.of(e)), e);
    }
  }

  /**
   * Writes a page that compares sweeps.
   *
   * @param folders of the sweeps
   * @throws DescryException if one of them has no results or another objective than the first, or
   *     the page cannot be written
   */
  public static List<SweepResults> compare(List<Path> folders, Path page) {
    List<SweepResults> sweeps = folders.stream().map(SweepReport::read).toList();
    Objective first = sweeps.get(0).objective();
    for (int i = 1; i < sweeps.size(); i++) {
      Objective other = sweeps.get(i).objective();
      if (!other.equals(first)) {
        throw new UsageException(
            "%s: its objective is %s; expected that of %s, %s."
                .formatted(folders.get(i), other.words(), folders.get(0), first.words()));
      }
    }
    write(page, new ComparisonPage(sweeps).html());
    return sweeps;
  }

  private static void write(SweepResults results, Path folder, boolean running) {
    List<RankedCandidate> ranking = RankedCandidate.of(results);
    Importance importance = Importance.of(results);
    write(folder.resolve("results.csv"), ResultsCsv.text(results, ranking));
    write(folder.resolve(RESULTS), ResultsJson.of(results, ranking, importance, folder).text());
    write(
        folder.resolve("report.html"),
        new SweepPage(results, ranking, importance, folder, running).html());
  }

  private static void write(Path file, String text) {
    try {
      AtomicFiles.write(file, text);
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
  }
}
