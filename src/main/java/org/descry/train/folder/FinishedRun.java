package org.descry.train.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;
import org.descry.io.Json;
import org.descry.metrics.EpochMetrics;

/**
 * What a job that ended well left in its run folder, in numbers.
 *
 * @param summary {@code summary.json}
 * @param epochs {@code metrics.jsonl}
 */
public record FinishedRun(JsonNode summary, List<EpochMetrics> epochs) {
  /** All that a run leaves, as a pattern of the names in its folder. */
  public static final String FILES = RunFolder.FILES;

  public FinishedRun {
    epochs = List.copyOf(epochs);
  }

  /**
   * Reads a run folder.
   *
   * @throws DescryException if it does not hold a finished run
   */
  public static FinishedRun read(Path folder) {
    List<EpochMetrics> epochs = epochs(folder);
    try {
      return new FinishedRun(
          Json.MAPPER.readTree(EndingFiles.bytes(folder.resolve(RunFolder.SUMMARY))), epochs);
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /**
   * Reads the metrics of a run that need not have ended.
   *
   * @throws DescryException if there are none
   */
  public static List<EpochMetrics> epochs(Path folder) {
    try {
      List<EpochMetrics> epochs = new ArrayList<>();
      for (String line : EndingFiles.text(folder.resolve(RunFolder.METRICS)).lines().toList()) {
        epochs.add(Json.MAPPER.readValue(line, EpochMetrics.class));
      }
      return epochs;
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static DataException unreadable(Path folder, IOException e) {
    return e instanceof JsonProcessingException
        ? new DataException(folder + ": its metrics are damaged; expected a finished run.", e)
        : new DataException(
            "%s: %s; expected a finished run.".formatted(folder, IoErrors.of(e)), e);
  }

  /** A number of the epoch that the model is from, or of the summary; empty if there is none. */
  public OptionalDouble metric(String name) {
    JsonNode best = Json.MAPPER.valueToTree(epochs.get(summary.path("bestEpoch").asInt() - 1));
    return Stream.of(best, summary)
        .map(numbers -> numbers.path(name))
        .filter(JsonNode::isNumber)
        .mapToDouble(JsonNode::asDouble)
        .findFirst();
  }
}
