package org.descry.generate;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A way to find words: what is asked of a {@link Decoder}. */
@FunctionalInterface
public interface Decoding {
  /**
   * @param h0 the initial states, N x (L S H)
   * @return N sentences as indices of words
   */
  int[][] decode(Decoder decoder, INDArray h0);

  /** Always the likeliest word. */
  static Decoding greedy(int maxLength) {
    return (decoder, h0) -> decoder.greedy(h0, maxLength);
  }

  /** {@link Decoder#beam}. */
  static Decoding beam(int maxLength, BeamSearch search) {
    return (decoder, h0) -> decoder.beam(h0, maxLength, search);
  }

  /** {@link Decoder#beam}. */
  static Decoding beam(int maxLength, int width, double lengthNormalization) {
    return beam(maxLength, new BeamSearch(width, lengthNormalization));
  }

  /** {@link Decoder#sample}. */
  static Decoding sample(int maxLength, double temperature, int topK, long seed) {
    return (decoder, h0) -> decoder.sample(h0, maxLength, temperature, topK, seed);
  }
}
