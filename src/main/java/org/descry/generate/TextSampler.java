package org.descry.generate;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.text.TextVocabulary;
import org.descry.engine.Rows;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Continues a text with a {@link org.descry.model.LanguageRnn}, token by token, from a state of
 * zeros that has read the prompt.
 *
 * <p>It only reads the network's parameters; a sampler belongs to one thread at a time.
 */
public final class TextSampler {
  private static final int NO_END = -1;

  private final RnnStepper stepper;
  private final int end;
  private final Scratch tokens = new Scratch();

  /**
   * @param network a network with the layer names of {@link org.descry.model.LanguageRnn}
   * @param banned tokens that are never to be chosen
   */
  public TextSampler(ComputationGraph network, int... banned) {
    this(new RnnStepper(network, banned), NO_END);
  }

  private TextSampler(RnnStepper stepper, int end) {
    this.stepper = stepper;
    this.end = end;
  }

  /** For a vocabulary: never says that it does not know a token, and stops at the end of a line. */
  public static TextSampler of(ComputationGraph network, TextVocabulary vocabulary) {
    int[] banned = vocabulary.hasUnknown() ? new int[] {0} : new int[0];
    return new TextSampler(new RnnStepper(network, banned), vocabulary.endNumber().orElse(NO_END));
  }

  /** A sampler for another thread, over the same weights; this one may be at work meanwhile. */
  public TextSampler replica() {
    return new TextSampler(stepper.replica(), end);
  }

  /**
   * Always the likeliest token.
   *
   * @param prompt the tokens before, at least one
   * @return the {@code length} tokens that follow, fewer where the line ends
   */
  public int[] greedy(int[] prompt, int length) {
    return collected(heard -> greedy(prompt, length, heard));
  }

  /**
   * As {@link #greedy(int[], int)}.
   *
   * @param heard is told each token as it is chosen, and may throw to end the search
   */
  public void greedy(int[] prompt, int length, IntConsumer heard) {
    continuation(prompt, length, TextSampler::likeliest, heard);
  }

  /**
   * Draws each token from the softmax of the scores.
   *
   * @param prompt the tokens before, at least one
   * @param temperature divides the scores: above 1 is bolder, below 1 more careful
   * @param seed of the draws
   * @return the {@code length} tokens that follow, fewer where the line ends
   */
  public int[] sample(int[] prompt, int length, double temperature, long seed) {
    return collected(heard -> sample(prompt, length, temperature, seed, heard));
  }

  /**
   * As {@link #sample(int[], int, double, long)}.
   *
   * @param heard as for {@link #greedy(int[], int, IntConsumer)}
   */
  public void sample(int[] prompt, int length, double temperature, long seed, IntConsumer heard) {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("expected a temperature above 0, got " + temperature);
    }
    SplittableRandom random = new SplittableRandom(seed);
    continuation(prompt, length, scores -> Sampling.draw(scores, temperature, 0, random), heard);
  }

  private static int[] collected(Consumer<IntConsumer> search) {
    IntStream.Builder chosen = IntStream.builder(); // a line may end long before the length
    search.accept(chosen::add);
    return chosen.build().toArray();
  }

  private void continuation(
      int[] prompt, int length, ToIntFunction<double[]> choice, IntConsumer heard) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("expected a prompt of at least one token, got none");
    }
    stepper.start(1, null);
    double[] scored = new double[stepper.vocabulary()];
    INDArray scores = null;
    for (int token : prompt) {
      scores = read(token);
    }
    for (int i = 0; i < length; i++) {
      int token = choice.applyAsInt(Rows.of(scores).read(0, scored));
      if (token == end) {
        break;
      }
      heard.accept(token);
      if (i < length - 1) {
        scores = read(token);
      }
    }
  }

  private INDArray read(int token) {
    if (token < 0 || token >= stepper.vocabulary()) {
      throw new IllegalArgumentException(
          "expected tokens from 0 to %s, got %s".formatted(stepper.vocabulary() - 1, token));
    }
    return stepper.step(tokens.get(DataType.LONG, 1).assign(token));
  }

  private static int likeliest(double[] scores) {
    int best = 0;
    for (int token = 1; token < scores.length; token++) {
      if (scores[token] > scores[best]) {
        best = token;
      }
    }
    return best;
  }
}
