package org.descry.bench.nd4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.descry.bench.Meter;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What SameDiff graphs have in common: their affine layers, and training by {@code fit}. */
final class SameDiffTraining {
  /** The variable that a graph to be trained minimises. */
  static final String LOSS = "loss";

  private SameDiffTraining() {}

  /** Trains on the one batch until the meter has finished. */
  static void run(SameDiff graph, TrainingConfig config, MultiDataSet batch, Meter meter) {
    graph.setLossVariables(LOSS);
    graph.setTrainingConfig(config);
    Map<String, INDArray> inputs = new HashMap<>();
    put(inputs, config.getDataSetFeatureMapping(), batch.getFeatures());
    put(inputs, config.getDataSetLabelMapping(), batch.getLabels());
    double firstLoss = loss(graph, inputs);
    // One call of fit for all steps: each call sets up a training session anew.
    graph.fit(new RepeatedBatch(batch, meter::finished), 1, new StepListener(meter));
    meter.reportLosses(firstLoss, loss(graph, inputs));
  }

  private static void put(Map<String, INDArray> inputs, List<String> names, INDArray[] arrays) {
    for (int i = 0; i < arrays.length; i++) {
      inputs.put(names.get(i), arrays[i]);
    }
  }

  private static double loss(SameDiff graph, Map<String, INDArray> inputs) {
    return graph.outputSingle(inputs, LOSS).getDouble(0);
  }

  /** A product and a sum: sd.nn().linear of M2.1 gives wrong values when it is executed again. */
  static SDVariable affine(SDVariable x, SDVariable weights) {
    SameDiff graph = x.getSameDiff();
    long width = weights.getArr().size(1);
    return x.mmul(weights).add(graph.var(Nd4j.zeros(DataType.FLOAT, width)));
  }

  /** A variable with normally distributed initial values. */
  static SDVariable normal(SameDiff graph, double deviation, long... shape) {
    return graph.var(Nd4j.randn(DataType.FLOAT, shape).muli(deviation));
  }

  /** Reports every training step to the meter; its loss is not computed, only its gradient. */
  private static final class StepListener extends BaseListener {
    private final Meter meter;

    StepListener(Meter meter) {
      this.meter = meter;
    }

    @Override
    public boolean isActive(Operation operation) {
      return operation == Operation.TRAINING;
    }

    @Override
    public void iterationDone(SameDiff graph, At at, MultiDataSet data, Loss loss) {
      meter.stepDone(Double.NaN);
    }
  }
}
