package org.descry.model;

import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network that puts images N x C x H x W into one of K classes. */
public interface Classifier extends NetworkModel {
  /** The name of the network's input. */
  String INPUT = "image";

  /** C. */
  int channels();

  /** H, in pixels. */
  int height();

  /** W, in pixels. */
  int width();

  /** K. */
  int classes();

  @Override
  default InputType[] inputTypes() {
    return new InputType[] {InputType.convolutional(height(), width(), channels())};
  }

  /**
   * Sets what a new network takes from the images that it is going to train on; nothing by default.
   *
   * @param images some of them, normalised, N x C x H x W
   */
  default void prepare(ComputationGraph network, Supplier<INDArray> images) {}

  /**
   * Whether the network can train on batches of two images and more alone: in a batch of one, a
   * channel that is normalised over the batch would see a single value.
   */
  default boolean needsSeveral() {
    return false;
  }
}
