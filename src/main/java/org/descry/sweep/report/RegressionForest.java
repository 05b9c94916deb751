package org.descry.sweep.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tribuo.MutableDataset;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.dataset.DatasetView;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;

/**
 * Regression trees, each grown on a bootstrap sample of the rows: what it predicts for a row is the
 * mean over the trees that did not see it.
 *
 * <p>A number is one feature, and where some rows lack it another one that is 1 there; a category
 * is a feature for each of its values, 1 or 0.
 */
final class RegressionForest {
  private static final int TREES = 100;
  private static final float SMALLEST_LEAF = 2;
  private static final RegressionFactory OUTPUTS = new RegressionFactory();

  private final List<SettingScale> settings;
  private final double[] targets;
  private final boolean[] partial;
  private final List<Tree> trees = new ArrayList<>();

  /** A tree, and for each row whether the tree has seen it. */
  private record Tree(TreeModel<Regressor> model, boolean[] seen) {}

  /**
   * @param values rows x settings, as {@link SettingScale#coordinate} gives them
   * @param targets one a row
   */
  RegressionForest(List<SettingScale> settings, double[][] values, double[] targets, long seed) {
    this.settings = settings;
    this.targets = targets;
    this.partial = new boolean[settings.size()];
    for (int setting = 0; setting < partial.length; setting++) {
      int column = setting;
      partial[setting] = Arrays.stream(values).anyMatch(row -> !Double.isFinite(row[column]));
    }
    MutableDataset<Regressor> rows =
        new MutableDataset<>(new SimpleDataSourceProvenance("candidates", OUTPUTS), OUTPUTS);
    for (int row = 0; row < values.length; row++) {
      rows.add(example(new Regressor("target", targets[row]), values[row]));
    }
    CARTRegressionTrainer trainer =
        new CARTRegressionTrainer(
            Integer.MAX_VALUE, SMALLEST_LEAF, 0, 1, new MeanSquaredError(), seed);
    for (int i = 0; i < TREES; i++) {
      DatasetView<Regressor> sample = DatasetView.createBootstrapView(rows, rows.size(), seed + i);
      boolean[] seen = new boolean[rows.size()];
      for (int row : sample.getExampleIndices()) {
        seen[row] = true;
      }
      trees.add(new Tree(trainer.train(sample), seen));
    }
  }

  /**
   * Squared errors of the out-of-bag predictions; those of the rows that some tree has not seen,
   * whatever the values.
   *
   * @param values those that the forest was grown on, or others in their place
   */
  double[] outOfBagErrors(double[][] values) {
    double[] errors = new double[values.length];
    int count = 0;
    for (int row = 0; row < values.length; row++) {
      ArrayExample<Regressor> example = example(RegressionFactory.UNKNOWN_REGRESSOR, values[row]);
      double prediction = 0;
      int voters = 0;
      for (Tree tree : trees) {
        if (!tree.seen()[row]) {
          prediction += tree.model().predict(example).getOutput().getValues()[0];
          voters++;
        }
      }
      if (voters > 0) {
        errors[count++] = Math.pow(prediction / voters - targets[row], 2);
      }
    }
    return Arrays.copyOf(errors, count);
  }

  private ArrayExample<Regressor> example(Regressor output, double[] values) {
    ArrayExample<Regressor> example = new ArrayExample<>(output);
    for (int setting = 0; setting < values.length; setting++) {
      if (settings.get(setting).isChoice()) {
        int categories = settings.get(setting).categories().size();
        for (int category = 0; category < categories; category++) {
          example.add(setting + "=" + category, values[setting] == category ? 1 : 0);
        }
      } else {
        boolean present = Double.isFinite(values[setting]);
        example.add(Integer.toString(setting), present ? values[setting] : 0);
        if (partial[setting]) {
          example.add(setting + " absent", present ? 0 : 1);
        }
      }
    }
    return example;
  }
}
