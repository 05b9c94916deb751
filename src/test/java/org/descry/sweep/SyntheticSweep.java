package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Objective;
import org.descry.sweep.trial.Trial;

/** Made-up results of sweeps: the score depends on the learning rate and a little on the width. */
public final class SyntheticSweep {
  public static final String RATE = "training.optimizer.learningRate";
  public static final String WIDTH = "model.hidden";
  public static final String OPTIMIZER = "training.optimizer.type";
  public static final String DUMMY = "training.l2";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> OPTIMIZERS = List.of("adam", "nesterov", "sgd");

  private SyntheticSweep() {}

  /** A sweep of four settings, one of each kind, over {@code count} candidates. */
  public static SweepResults of(int count, int repeats, Path folder) {
    Random random = new Random(7);
    List<Candidate> candidates = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      double logRate = -4 + 3 * random.nextDouble();
      int width = 16 * (1 + random.nextInt(8));
      Map<String, JsonNode> settings = new LinkedHashMap<>();
      settings.put(RATE, JSON.numberNode(Math.pow(10, logRate)));
      settings.put(WIDTH, JSON.numberNode(width));
      settings.put(OPTIMIZER, JSON.textNode(OPTIMIZERS.get(random.nextInt(3))));
      settings.put(DUMMY, JSON.numberNode(random.nextDouble()));
      double truth = 0.95 - 0.25 * Math.pow(logRate + 2.6, 2) + 0.0004 * width;
      List<Trial> trials = new ArrayList<>();
      for (int repeat = 0; repeat < repeats; repeat++) {
        Path run = folder.resolve("candidates/%04d-%d".formatted(number, repeat));
        trials.add(
            logRate > -1.2
                ? failure(repeat, "The loss became NaN in epoch 2; expected <finite> numbers.", run)
                : success(repeat, Math.max(0.1, truth + 0.01 * random.nextGaussian()), run));
      }
      candidates.add(new Candidate(number, settings, trials));
    }
    return new SweepResults(
        "synthetic",
        "random",
        List.of(new Objective("validationAccuracy", Metric.Goal.MAXIMIZE)),
        dimensions(),
        candidates,
        252.4);
  }

  static List<Dimension> dimensions() {
    return List.of(
        new Dimension(RATE, Dimension.Kind.LOG_UNIFORM),
        new Dimension(WIDTH, Dimension.Kind.INTEGER),
        new Dimension(OPTIMIZER, Dimension.Kind.CHOICE),
        new Dimension(DUMMY, Dimension.Kind.UNIFORM));
  }

  /** A training of six epochs whose losses come down to 1 - score. */
  public static Trial success(int repeat, double score, Path folder) {
    List<EpochMetrics> epochs = new ArrayList<>();
    for (int epoch = 1; epoch <= 6; epoch++) {
      double loss = 1 - score + 2.3 * Math.exp(-epoch * score);
      epochs.add(
          new EpochMetrics(
              epoch,
              epoch * 80,
              0.01,
              loss,
              loss + 0.03 * epoch,
              new TreeMap<>(Map.of("validationAccuracy", score * epoch / 6)),
              700,
              2.0 * epoch));
    }
    return new Trial(repeat, 1 + repeat, score, 14.2, epochs, null, false, folder);
  }

  public static Trial failure(int repeat, String sentence, Path folder) {
    return new Trial(repeat, 1 + repeat, Double.NaN, 3.1, List.of(), sentence, false, folder);
  }

  /** A sweep of one setting, a candidate for each of the trials given. */
  public static SweepResults single(
      Dimension.Kind kind, List<JsonNode> values, List<Trial> trials) {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < trials.size(); i++) {
      candidates.add(
          new Candidate(i, Map.of("model.setting", values.get(i)), List.of(trials.get(i))));
    }
    return new SweepResults(
        "single",
        "grid",
        List.of(new Objective("validationLoss", Metric.Goal.MINIMIZE)),
        List.of(new Dimension("model.setting", kind)),
        candidates,
        1);
  }
}
