package org.descry.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * A whole network, from its settings. Inputs, layers and outputs have these names in all of them.
 */
public interface NetworkModel {
  /** The input of images N x C x H x W, or of features N x D that stand for them. */
  String IMAGE = "image";

  /** The input of words or other tokens, N x T. */
  String WORDS = "words";

  /** The input of steps of numbers, N x T x D. */
  String NUMBERS = "numbers";

  /** The input of the recurrent network's initial state, N x (L S H). */
  String STATE = "state";

  /** The words' vectors. */
  String EMBEDDING = "embedding";

  /** The recurrent network. */
  String RNN = "rnn";

  /** The affine layer below the output. */
  String SCORES = "scores";

  /** The output layer: a row an example, N x K, or a row a step, N x T x V. */
  String OUTPUT = "loss";

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
