package org.descry.bench;

import java.nio.file.Path;

/**
 * A system under measurement. Each method sets a workload up and steps through it until the meter
 * has finished.
 */
public interface Peer {
  /** Adam's, at every training step. */
  double LEARNING_RATE = 1e-3;

  /** Name and version of what computes. */
  String engine();

  /** Why it cannot run on this machine, as part of a sentence; null if it can. */
  default String obstacle() {
    return null;
  }

  /** Bytes of native memory that the peer holds; 0 where it cannot tell. */
  default long offHeapBytes() {
    return 0;
  }

  /** Repeats the product of two size x size matrices of float32. */
  void multiply(int size, Meter meter);

  /** Repeats training steps with Adam and L2 on one batch of images that stays in memory. */
  void train(ConvSpec net, int batch, Meter meter);

  /** Repeats the forward pass on one batch of images, up to class scores in a Java array. */
  void infer(ConvSpec net, int batch, Meter meter);

  /**
   * Repeats all of the way from an image's file to its class: decoding, the forward pass on the one
   * image, and the best of the scores.
   */
  default void predict(ConvSpec net, Path image, Meter meter) {
    throw new UnsupportedOperationException("predict");
  }

  /**
   * Repeats training steps with Adam on one batch of sentences that stays in memory. The loss is
   * the cross-entropy of all words that count, divided by the number of sentences.
   */
  void train(SequenceSpec net, int batch, Meter meter);

  /**
   * Repeats the generation of {@code words} words for each image in a batch: the initial state from
   * its features, then always the likeliest word, none of which ends the sentence early. The words
   * end up in a Java array.
   */
  void generate(SequenceSpec net, int batch, int words, Meter meter);
}
