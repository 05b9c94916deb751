package org.descry.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** A whole network, from its settings. */
public interface NetworkModel {
  /** The types of the inputs, in their order. */
  InputType[] inputTypes();

  /**
   * The network as DL4J knows it.
   *
   * @throws IllegalArgumentException where the inputs do not fit it, such as images that are too
   *     small for its windows
   */
  ComputationGraphConfiguration configuration(NetworkSettings solver);
}
