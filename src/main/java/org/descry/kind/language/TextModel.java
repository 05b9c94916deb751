package org.descry.kind.language;

import java.time.Duration;
import java.util.function.Consumer;
import org.descry.DescryException;

/** What a service asks of a language model. Any number of threads may ask one at the same time. */
public interface TextModel extends AutoCloseable {
  /**
   * The prompt and its likeliest continuation, token by token, up to the end of the line if the
   * model has learnt where lines end.
   *
   * @param length of the continuation, in tokens, at most
   * @throws DescryException if the prompt is empty, or made of other tokens than the model knows
   * @throws org.descry.TimedOutException if it takes longer than {@link #within} says
   * @throws IllegalStateException if the model has been closed
   */
  String greedy(String prompt, int length);

  /**
   * As {@link #greedy(String, int)}.
   *
   * @param heard is told the prompt, then the continuation piece by piece; may throw to end it
   */
  void greedy(String prompt, int length, Consumer<String> heard);

  /**
   * The prompt and a continuation that is drawn, up to the end of the line as {@link
   * #greedy(String, int)}.
   *
   * @param length of the continuation, in tokens, at most
   * @param temperature above 0: above 1 is bolder, below 1 more careful
   * @param seed the same seed draws the same
   * @throws DescryException as {@link #greedy(String, int)}
   */
  String sample(String prompt, int length, double temperature, long seed);

  /**
   * As {@link #sample(String, int, double, long)}.
   *
   * @param heard as for {@link #greedy(String, int, Consumer)}
   */
  void sample(String prompt, int length, double temperature, long seed, Consumer<String> heard);

  /**
   * The same model, whose calls end when so much time is over; closing one closes the other.
   *
   * @param limit for the whole of a call, its waiting for other callers too
   */
  TextModel within(Duration limit);

  /** Lets calls that there are end and refuses others. */
  @Override
  void close();
}
