package org.descry.model;

import org.deeplearning4j.nn.graph.ComputationGraph;

/** Networks that serve one thread each and have one set of parameters between them. */
public final class SharedParameters {
  private SharedParameters() {}

  /**
   * A network of its own kernels, buffers and state over the same parameters: what is written to
   * those of one is seen by all.
   */
  public static ComputationGraph replica(ComputationGraph network) {
    ComputationGraph replica = new ComputationGraph(network.getConfiguration().clone());
    replica.init(network.params(), false);
    return replica;
  }
}
