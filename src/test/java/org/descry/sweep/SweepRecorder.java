package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.descry.DescryException;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.space.JobSpace;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;

/**
 * Records trainings for {@link RecordedSweep}: every point of a grid of four settings of a small
 * language model, with its validation loss after each epoch. A line a training, in the order of the
 * grid, which goes on where the file ends.
 *
 * <p>Arguments: the file, a folder for the trainings, and how many seconds to go on.
 */
final class SweepRecorder {
  /** The job and the grid; 324 trainings. */
  static final String SWEEP =
      """
      name: recorded
      seed: 1
      model: {type: language-rnn, rnn: vanilla, embedding: 8, hidden: 16}
      data:
        source: text
        path: text.txt
        unit: character
        sequences: lines
        steps: 20
        validation: 0.25
        test: 0.02
      training:
        epochs: 9
        batchSize: 8
        optimizer: {type: adam, learningRate: 0.01, schedule: {type: constant}}
        checkpoint: {every: 1000 epochs, keepBest: 0, keepLast: 1}
      search:
        training.optimizer.learningRate: {logUniform: [1.0e-3, 0.3], points: 9}
        model.hidden: {choice: [4, 8, 16, 32], ordered: true}
        training.batchSize: {choice: [4, 12, 36], ordered: true}
        model.embedding: {choice: [2, 6, 18], ordered: true}
      strategy: grid
      """;

  private SweepRecorder() {}

  /** The points of the grid, in the order of the file. */
  static List<Map<String, JsonNode>> grid(JobSpace space) {
    List<Map<String, JsonNode>> grid = new ArrayList<>(List.of(Map.of()));
    for (var axis : space.axes()) {
      List<Map<String, JsonNode>> longer = new ArrayList<>();
      for (Map<String, JsonNode> point : grid) {
        for (JsonNode value : axis.samples()) {
          Map<String, JsonNode> more = new LinkedHashMap<>(point);
          more.put(axis.dimension().key(), value);
          longer.add(more);
        }
      }
      grid = longer;
    }
    return grid;
  }

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    Path folder = Files.createDirectories(Path.of(args[1]));
    long end = System.nanoTime() + Long.parseLong(args[2]) * 1_000_000_000;
    Path text = Files.writeString(folder.resolve("text.txt"), text());
    SweepPlan plan =
        Sweeps.plan(SWEEP, "data.path=" + text, "output.dir=" + folder.resolve("runs"));
    List<Map<String, JsonNode>> grid = grid(plan.space());
    int done = Files.exists(file) ? Files.readAllLines(file).size() : 0;
    for (int i = done; i < grid.size() && System.nanoTime() < end; i++) {
      String line =
          train(plan.with(grid.get(i))).stream()
              .map(loss -> String.format(Locale.ROOT, "%.4f", loss))
              .collect(Collectors.joining(" "));
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  /** The validation loss after each epoch; those before the failure of one that diverged. */
  private static List<Double> train(JobFile job) {
    List<Double> losses = new ArrayList<>();
    TrainingProgress progress =
        new TrainingProgress() {
          @Override
          public void epoch(EpochMetrics metrics, boolean best) {
            losses.add(metrics.validationLoss());
          }
        };
    try {
      Kinds.training(job.job(), new Training.Options(true, false), progress).run();
    } catch (DescryException e) {
      losses.add(Double.NaN);
    }
    return losses;
  }

  /** Lines of a small language, in which most of what follows can be told from what went before. */
  private static String text() {
    SplittableRandom random = new SplittableRandom(1);
    String[][] words = {
      {"the", "a", "one"},
      {"red", "old", "big", "wet"},
      {"cat", "dog", "hen"},
      {"sees", "eats", "has"},
      {"fish", "corn", "milk"}
    };
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 60; line++) {
      for (String[] choice : words) {
        text.append(choice[random.nextInt(choice.length)]).append(' ');
      }
      text.setCharAt(text.length() - 1, '\n');
    }
    return text.toString();
  }
}
