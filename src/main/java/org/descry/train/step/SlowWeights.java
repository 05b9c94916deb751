package org.descry.train.step;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.descry.engine.Allocator;
import org.descry.engine.dnn.VectorPass;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Weights that follow a network's parameters, and are evaluated and saved in their place. */
public abstract class SlowWeights extends BaseTrainingListener {
  private final INDArray params;
  private final INDArray slow;
  private final INDArray share;
  private final VectorPass pass;

  /** They begin as the network's parameters. */
  SlowWeights(ComputationGraph network) {
    params = network.params();
    slow = detachedCopy(params);
    boolean onePass = VectorPass.possible(params);
    share = onePass ? Allocator.DETACHED.create(DataType.FLOAT, 1) : null;
    pass =
        onePass
            ? VectorPass.difference(flat(params), flat(slow)).times(share).addTo(flat(slow), 1)
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

  /** Moves them a share of the way to the parameters. */
  final void follow(double part) {
    if (pass != null) {
      share.putScalar(0, part);
      pass.run();
      return;
    }
    slow.muli(1 - part);
    Nd4j.getBlasWrapper().axpy(part, params, slow);
  }

  /** The weights themselves, which change with steps and may be set. */
  public final INDArray weights() {
    return slow;
  }

  /** They in the network's place, until it is closed. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  /** Puts them into the network; closing the scope puts the parameters back. */
  public final Scope in(ComputationGraph network) {
    INDArray parameters = detachedCopy(network.params());
    network.params().assign(slow);
    return () -> network.params().assign(parameters);
  }
}
