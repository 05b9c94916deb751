package org.descry.sweep.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.Variance;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.util.MathArrays;
import org.descry.sweep.trial.Candidate;

/**
 * How much each searched setting decides a candidate's place in the ranking: permutation importance
 * on a random forest (Breiman, "Random Forests", Machine Learning 45, 2001, section 10).
 *
 * <p>A forest learns the places from the settings. A setting's importance is by how much the R² of
 * its out-of-bag predictions drops when that setting's values are shuffled among the candidates: 0
 * for a setting that does not matter, up to about 2 for one that alone decides. Places are used
 * instead of scores so that one candidate that diverged does not outweigh all others. Candidates
 * without a score are left out.
 *
 * @param r2 of the out-of-bag predictions, 1 if perfect; null if no forest was grown
 * @param drops key path to the drop in R², in the order of the sweep file; empty if the forest
 *     predicts no better than the mean, for it then knows nothing
 * @param margins key path to half the width of the drop's 95% confidence interval, from how much
 *     the shuffles harm one candidate's prediction and another's
 * @param caution what keeps the figures from being trusted, in a sentence; null if nothing does
 */
record Importance(
    Double r2, Map<String, Double> drops, Map<String, Double> margins, String caution) {
  /** Standard deviations on either side that hold 95% of a normal distribution. */
  private static final double CONFIDENT = 1.96;

  private static final int FEWEST_CANDIDATES = 10;

  /** Below it the forest explains less than half of the differences. */
  private static final double WEAK = 0.5;

  /** Shuffles of a setting; fewer with many candidates, where one tells as much. */
  private static final int MOST_SHUFFLES = 20;

  private static final int SHUFFLED_VALUES = 4000;
  private static final long SEED = 1;

  static Importance of(SweepResults results) {
    List<Candidate> candidates =
        results.candidates().stream().filter(c -> !Double.isNaN(c.score())).toList();
    if (candidates.size() < FEWEST_CANDIDATES) {
      return nothing(
          null,
          "Only %s candidate%s reached a score; expected at least %s to tell the settings apart."
              .formatted(candidates.size(), candidates.size() == 1 ? "" : "s", FEWEST_CANDIDATES));
    }
    double[] places =
        new NaturalRanking().rank(candidates.stream().mapToDouble(Candidate::score).toArray());
    double variance = new Variance(false).evaluate(places);
    if (variance == 0) {
      return nothing(
          null, "All candidates reached the same score, so no setting made a difference.");
    }
    List<SettingScale> settings =
        results.dimensions().stream().map(d -> SettingScale.of(d, candidates)).toList();
    double[][] values =
        candidates.stream()
            .map(c -> settings.stream().mapToDouble(s -> s.coordinate(c)).toArray())
            .toArray(double[][]::new);
    RegressionForest forest = new RegressionForest(settings, values, places, SEED);
    double[] errors = forest.outOfBagErrors(values);
    double r2 = 1 - StatUtils.mean(errors) / variance;
    if (r2 <= 0) {
      return nothing(
          r2,
          String.format(
              Locale.ROOT,
              "The settings do not predict the ranking (out-of-bag R² %.2f): too few candidates, or"
                  + " none of the settings matters.",
              r2));
    }
    Map<String, Double> drops = new LinkedHashMap<>();
    Map<String, Double> margins = new LinkedHashMap<>();
    for (int d = 0; d < settings.size(); d++) {
      String key = settings.get(d).dimension().key();
      // What it does to the prediction of each candidate.
      double[] harm = MathArrays.ebeSubtract(shuffledErrors(forest, values, d), errors);
      drops.put(key, StatUtils.mean(harm) / variance);
      double deviation = Math.sqrt(StatUtils.variance(harm) / harm.length);
      margins.put(key, CONFIDENT * deviation / variance);
    }
    return new Importance(
        r2,
        Collections.unmodifiableMap(drops),
        Collections.unmodifiableMap(margins),
        r2 < WEAK
            ? "The settings predict the ranking only roughly, so these figures are rough too."
            : null);
  }

  private static Importance nothing(Double r2, String caution) {
    return new Importance(r2, Map.of(), Map.of(), caution);
  }

  /** The out-of-bag errors, each the mean over shuffles of one setting. */
  private static double[] shuffledErrors(RegressionForest forest, double[][] values, int setting) {
    int shuffles = Math.max(2, Math.min(MOST_SHUFFLES, SHUFFLED_VALUES / values.length));
    Random random = new Random(SEED + setting);
    // Among the candidates that have it: where it is absent, it stays so.
    List<double[]> having =
        Arrays.stream(values).filter(row -> !Double.isNaN(row[setting])).toList();
    List<Double> column = new ArrayList<>(having.stream().map(row -> row[setting]).toList());
    double[] sums = null;
    for (int i = 0; i < shuffles; i++) {
      Collections.shuffle(column, random);
      double[][] shuffled = new double[values.length][];
      int next = 0;
      for (int row = 0; row < values.length; row++) {
        shuffled[row] = values[row].clone();
        if (!Double.isNaN(values[row][setting])) {
          shuffled[row][setting] = column.get(next++);
        }
      }
      double[] errors = forest.outOfBagErrors(shuffled);
      sums = sums == null ? errors : MathArrays.ebeAdd(sums, errors);
    }
    return MathArrays.scale(1.0 / shuffles, sums);
  }
}
