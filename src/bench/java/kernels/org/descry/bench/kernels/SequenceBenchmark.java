package org.descry.bench.kernels;

import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A kernel of the captioner at the size of the whole comparison: 100 captions of 16 words. */
public abstract class SequenceBenchmark extends KernelBenchmark {
  /** Steps. */
  static final int T = 16;

  /** Words in the vocabulary. */
  static final int V = 1004;

  /** Width of a word's vector. */
  static final int D = 256;

  /** Width of the state. */
  static final int H = 512;

  private static final long SEED = 1;

  /** Shape N x T x width over time-major memory, the kernels' own layout. */
  static INDArray sequence(int width) {
    return normal(T, N, width).permute(1, 0, 2);
  }

  /** A random word for each step of each caption. */
  static int[] words() {
    return new Random(SEED).ints((long) N * T, 0, V).toArray();
  }

  /** The words as the kernels take them: N x T over time-major memory. */
  static INDArray timeMajor(int[] words) {
    return Nd4j.createFromArray(words)
        .castTo(DataType.FLOAT)
        .reshape(N, T)
        .transpose()
        .dup('c')
        .transpose();
  }
}
