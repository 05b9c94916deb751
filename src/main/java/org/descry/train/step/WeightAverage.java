package org.descry.train.step;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.descry.engine.Allocator;
import org.descry.engine.dnn.VectorPass;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The exponential moving average of a network's parameters: after step t, {@code a = d a + (1 - d)
 * w} with {@code d = min(decay, (1 + t) / (10 + t))}, so that the initial parameters are soon
 * forgotten (as TensorFlow's ExponentialMovingAverage with {@code num_updates}).
 */
public final class WeightAverage extends BaseTrainingListener {
  private final double decay;
  private final INDArray average;
  private final INDArray share;
  private final VectorPass pass;

  public WeightAverage(ComputationGraph network, double decay) {
    this.decay = decay;
    INDArray params = network.params();
    average = detachedCopy(params);
    boolean onePass = VectorPass.possible(params);
    share = onePass ? Allocator.DETACHED.create(DataType.FLOAT, 1) : null;
    pass =
        onePass
            ? VectorPass.difference(flat(params), flat(average))
                .times(share)
                .addTo(flat(average), 1)
            : null;
  }

  private static INDArray flat(INDArray array) {
    return array.reshape(array.length());
  }

  private static INDArray detachedCopy(INDArray array) {
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return array.dup();
    }
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    double d = Math.min(decay, (1.0 + iteration) / (10.0 + iteration));
    if (pass != null) {
      share.putScalar(0, 1 - d);
      pass.run();
      return;
    }
    average.muli(d);
    Nd4j.getBlasWrapper().axpy(1 - d, model.params(), average);
  }

  /** The average itself, which changes with every step and may be set. */
  public INDArray average() {
    return average;
  }

  /** The average in the network's place, until it is closed. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  /** Puts the average into the network; closing the scope puts the parameters back. */
  public Scope in(ComputationGraph network) {
    INDArray parameters = detachedCopy(network.params());
    network.params().assign(average);
    return () -> network.params().assign(parameters);
  }
}
