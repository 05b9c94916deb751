package org.descry.generate;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.caption.Vocabulary;
import org.descry.engine.NativeOp;
import org.descry.engine.Rows;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns initial states into words: greedily, by sampling, or by beam search, for many rows
 * together. A sentence ends before the word {@code <END>} or at the longest length. {@code <NULL>},
 * {@code <START>} and {@code <UNK>} are never chosen.
 *
 * <p>It only reads the network's parameters; a decoder belongs to one thread at a time.
 */
public final class Decoder {
  private final RnnStepper stepper;
  private final NativeOp argmax = new NativeOp("argmax", 1);
  private final Scratch words = new Scratch();
  private final Scratch parents = new Scratch();

  /**
   * @param network a network with the layer names of {@link org.descry.model.CaptioningRnn}
   */
  public Decoder(ComputationGraph network) {
    stepper = new RnnStepper(network, Vocabulary.NULL, Vocabulary.START, Vocabulary.UNKNOWN);
  }

  /** A decoder for another thread, over the same weights. */
  Decoder(Decoder original) {
    stepper = original.stepper.replica();
  }

  /**
   * Always the likeliest word.
   *
   * @param h0 the initial states, N x (L S H)
   * @return N sentences of at most maxLength words
   */
  public int[][] greedy(INDArray h0, int maxLength) {
    long rows = h0.size(0);
    int[][] chosen = new int[maxLength][];
    INDArray next = start(h0);
    int length = 0;
    boolean[] ended = new boolean[(int) rows];
    for (int open = ended.length; length < maxLength && open > 0; length++) {
      argmax.in(stepper.step(next)).out(next).run();
      chosen[length] = next.toIntVector();
      open -= end(ended, chosen[length]);
    }
    return sentences(chosen, length, ended.length);
  }

  private INDArray start(INDArray h0) {
    stepper.start(h0.size(0), h0);
    return words.get(DataType.LONG, h0.size(0)).assign(Vocabulary.START);
  }

  /** Marks the rows that end here and counts them. */
  private static int end(boolean[] ended, int[] chosen) {
    int count = 0;
    for (int row = 0; row < chosen.length; row++) {
      if (!ended[row] && chosen[row] == Vocabulary.END) {
        ended[row] = true;
        count++;
      }
    }
    return count;
  }

  private static int[][] sentences(int[][] chosen, int length, int rows) {
    int[][] sentences = new int[rows][];
    for (int row = 0; row < rows; row++) {
      int[] sentence = new int[length];
      int size = 0;
      while (size < length && chosen[size][row] != Vocabulary.END) {
        sentence[size] = chosen[size][row];
        size++;
      }
      sentences[row] = Arrays.copyOf(sentence, size);
    }
    return sentences;
  }

  /**
   * Draws each word from the softmax of the scores.
   *
   * @param h0 the initial states, N x (L S H)
   * @param temperature divides the scores: above 1 is bolder, below 1 more careful
   * @param topK only the k likeliest words are drawn from; 0 for all
   * @param seed of the draws; each row has its own sequence, whatever other rows there are
   */
  public int[][] sample(INDArray h0, int maxLength, double temperature, int topK, long seed) {
    if (!(temperature > 0) || topK < 0) {
      throw new IllegalArgumentException(
          "expected a temperature above 0 and a topK of at least 0, got %s and %s"
              .formatted(temperature, topK));
    }
    int rows = (int) h0.size(0);
    SplittableRandom[] random = new SplittableRandom[rows];
    for (int row = 0; row < rows; row++) {
      random[row] = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + row);
    }
    double[] scored = new double[stepper.vocabulary()];
    int[][] chosen = new int[maxLength][];
    INDArray next = start(h0);
    int length = 0;
    boolean[] ended = new boolean[rows];
    for (int open = rows; length < maxLength && open > 0; length++) {
      Rows scores = Rows.of(stepper.step(next));
      chosen[length] = new int[rows];
      for (int row = 0; row < rows; row++) {
        chosen[length][row] =
            Sampling.draw(scores.read(row, scored), temperature, topK, random[row]);
      }
      put(next, chosen[length]);
      open -= end(ended, chosen[length]);
    }
    return sentences(chosen, length, rows);
  }

  /**
   * Keeps the likeliest beginnings.
   *
   * @param h0 the initial states, N x (L S H)
   */
  public int[][] beam(INDArray h0, int maxLength, BeamSearch search) {
    int images = (int) h0.size(0);
    int kept = Math.min(search.width(), stepper.vocabulary());
    List<Beam> beams = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      beams.add(new Beam(search, kept));
    }
    long rows = (long) images * kept;
    stepper.start(rows, repeat(h0, kept));
    INDArray next = words.get(DataType.LONG, rows).assign(Vocabulary.START);
    INDArray from = parents.get(DataType.LONG, rows);
    double[] scored = new double[stepper.vocabulary()];
    int[] nextWords = new int[(int) rows];
    int[] nextParents = new int[(int) rows];
    for (int length = 0; length < maxLength; length++) {
      Rows scores = Rows.of(stepper.step(next));
      boolean open = false;
      for (int i = 0; i < images; i++) {
        Beam beam = beams.get(i);
        int offset = i * kept;
        if (!beam.done()) {
          beam.advance(row -> scores.read(offset + row, scored));
          open |= !beam.done();
        }
        beam.write(nextWords, nextParents, offset);
      }
      if (!open) {
        break;
      }
      put(next, nextWords);
      put(from, nextParents);
      stepper.reorder(from);
    }
    return beams.stream().map(Beam::best).toArray(int[][]::new);
  }

  /** Whether there is attention. */
  boolean looks() {
    return stepper.looks();
  }

  /**
   * The weights of the places before each word of a sentence.
   *
   * @param h0 the initial state of one row
   * @return empty where there is no attention
   */
  List<float[]> attention(INDArray h0, int[] sentence) {
    List<float[]> weights = new ArrayList<>();
    INDArray next = start(h0);
    for (int word : sentence) {
      stepper.step(next);
      float[] seen = stepper.attention();
      if (seen == null) {
        return List.of();
      }
      weights.add(seen);
      next.assign(word);
    }
    return weights;
  }

  private static INDArray repeat(INDArray h0, int times) {
    return times == 1 ? h0 : h0.repeat(0, times);
  }

  private static void put(INDArray array, int[] values) {
    LongBuffer memory = array.data().asNioLong();
    for (int value : values) {
      memory.put(value);
    }
  }
}
