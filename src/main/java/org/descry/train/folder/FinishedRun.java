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
    return new FinishedRun(summary(folder), epochs);
  }

  /** {@code summary.json} of a run folder. */
  static JsonNode summary(Path folder) {
    Path file = folder.resolve(RunFolder.SUMMARY);
    try {
      JsonNode summary = Json.MAPPER.readTree(EndingFiles.bytes(file));
      if (summary.isObject()) {
        return summary;
      }
      throw new DataException("%s: no JSON object; expected the summary of a run.".formatted(file));
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s: damaged (%s); expected the summary of a run.".formatted(file, Json.reason(e)), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads the metrics of a run that need not have ended.
   *
   * @throws DescryException if there are none
   */
  public static List<EpochMetrics> epochs(Path folder) {
    Path file = folder.resolve(RunFolder.METRICS);
    try {
      List<String> lines = EndingFiles.text(file).lines().toList();
      List<EpochMetrics> epochs = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        epochs.add(epoch(file, i + 1, lines.get(i)));
      }
      return epochs;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static EpochMetrics epoch(Path file, int number, String line) {
    try {
      EpochMetrics epoch = Json.MAPPER.readValue(line, EpochMetrics.class);
      if (epoch != null && epoch.epoch() >= 1) {
        return epoch;
      }
      throw damaged(file, number, "no epoch", null);
    } catch (JsonProcessingException e) {
      throw damaged(file, number, Json.reason(e), e);
    }
  }

  private static DataException damaged(Path file, int number, String why, Exception cause) {
    return new DataException(
        "%s, line %s: damaged (%s); expected the metrics of an epoch.".formatted(file, number, why),
        cause);
  }

  private static DataException unreadable(Path file, IOException e) {
    return new DataException(
        "%s: cannot be read (%s); expected a file of a run.".formatted(file, IoErrors.of(e)), e);
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
