package org.descry.model;

import org.deeplearning4j.nn.conf.inputs.InputType;

/** A network that puts images N x C x H x W into one of K classes. */
public interface Classifier extends NetworkModel {
  /** The name of the network's input. */
  String INPUT = "image";

  /** The name of the network's output layer, N x K. */
  String OUTPUT = "loss";

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
   * Whether the network can train on batches of two images and more alone: in a batch of one, a
   * channel that is normalised over the batch would see a single value.
   */
  default boolean needsSeveral() {
    return false;
  }
}
