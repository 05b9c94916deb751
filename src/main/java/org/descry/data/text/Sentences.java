package org.descry.data.text;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.data.Seeds;

/** Independent sentences, shuffled each epoch. */
final class Sentences implements TextPlan {
  private final int[][] sentences;
  private final int batchSize;
  private final int steps;
  private final long seed;
  private int[] order;

  Sentences(int[][] sentences, int batchSize, int steps, long seed) {
    this.sentences =
        Arrays.stream(sentences).filter(sentence -> sentence.length > 1).toArray(int[][]::new);
    if (this.sentences.length == 0) {
      throw new DataException(
          "None of the %d lines has two tokens; expected one sentence a line."
              .formatted(sentences.length));
    }
    this.batchSize = batchSize;
    this.steps = steps;
    this.seed = seed;
  }

  @Override
  public void startEpoch(int epoch) {
    order = IntStream.range(0, sentences.length).toArray();
    Seeds.shuffle(order, Seeds.random(seed, epoch));
  }

  @Override
  public int batches() {
    return (sentences.length + batchSize - 1) / batchSize;
  }

  @Override
  public long targets() {
    return Arrays.stream(sentences).mapToLong(this::pairs).sum();
  }

  private int pairs(int[] sentence) {
    return Math.min(steps, sentence.length - 1);
  }

  @Override
  public int rows(int batch) {
    return Math.min(batchSize, sentences.length - batch * batchSize);
  }

  @Override
  public Sequence sequence(int batch, int row) {
    int[] sentence = sentences[order[batch * batchSize + row]];
    return new Sequence(sentence, 0, pairs(sentence));
  }
}
