package org.descry.bench;

import java.util.Arrays;
import java.util.Random;

/**
 * Synthetic sentences from fixed seeds, so that every peer computes on the same numbers. Arrays
 * hold rows x columns values, row by row: N x T, or T x N when time-major.
 *
 * @param rows N, or T when time-major
 * @param columns T, or N when time-major
 * @param words what the network reads
 * @param next what it is to predict at each step
 * @param mask 1 where a step counts, 0 where the sentence has ended
 */
public record SequenceBatch(int rows, int columns, int[] words, int[] next, float[] mask) {
  /** The word that stands before every caption. */
  public static final int START = 1;

  private static final int END = 2;
  private static final int SPECIAL_WORDS = 3;
  private static final int SHORTEST_CAPTION = 6;
  private static final long CAPTION_SEED = 3;
  private static final long WORD_SEED = 4;
  private static final long NEXT_SEED = 5;

  /** Captions for a network with features, else sentences of full length. */
  public static SequenceBatch of(SequenceSpec net, int batch) {
    return net.hasFeatures() ? captions(net, batch) : tokens(net, batch);
  }

  /** Captions of ragged length: start, random words, end, then padding that is masked out. */
  private static SequenceBatch captions(SequenceSpec net, int batch) {
    Random random = new Random(CAPTION_SEED);
    int steps = net.steps();
    int[] words = new int[batch * steps];
    int[] next = new int[batch * steps];
    float[] mask = new float[batch * steps];
    for (int n = 0; n < batch; n++) {
      int[] caption = new int[steps + 1];
      int length = random.nextInt(SHORTEST_CAPTION, steps + 2);
      caption[0] = START;
      for (int t = 1; t < length - 1; t++) {
        caption[t] = random.nextInt(SPECIAL_WORDS, net.vocabulary());
      }
      caption[length - 1] = END;
      System.arraycopy(caption, 0, words, n * steps, steps);
      System.arraycopy(caption, 1, next, n * steps, steps);
      Arrays.fill(mask, n * steps, n * steps + length - 1, 1);
    }
    return new SequenceBatch(batch, steps, words, next, mask);
  }

  private static SequenceBatch tokens(SequenceSpec net, int batch) {
    int length = batch * net.steps();
    float[] mask = new float[length];
    Arrays.fill(mask, 1);
    return new SequenceBatch(
        batch,
        net.steps(),
        new Random(WORD_SEED).ints(length, 0, net.vocabulary()).toArray(),
        new Random(NEXT_SEED).ints(length, 0, net.vocabulary()).toArray(),
        mask);
  }

  /** The same with rows and columns exchanged. */
  public SequenceBatch transposed() {
    int[] otherWords = new int[words.length];
    int[] otherNext = new int[next.length];
    float[] otherMask = new float[mask.length];
    for (int i = 0; i < words.length; i++) {
      int to = i % columns * rows + i / columns;
      otherWords[to] = words[i];
      otherNext[to] = next[i];
      otherMask[to] = mask[i];
    }
    return new SequenceBatch(columns, rows, otherWords, otherNext, otherMask);
  }
}
