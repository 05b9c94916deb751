package org.descry.generate;

/**
 * How the likeliest sentence is searched for: the beginnings with the highest log p are kept, and
 * of the sentences the one with the highest {@code (log p + bonus length) / length^alpha} wins.
 *
 * @param width the number of beginnings kept for each row; 1 is greedy
 * @param alpha the length normalisation: 0 for none, 1 for the mean log-probability a word
 * @param bonus for each word; of no consequence where alpha is 1
 * @param unique so many words in a row are said once; 0 for no such limit
 */
public record BeamSearch(int width, double alpha, double bonus, int unique) {
  public BeamSearch {
    if (width < 1 || !(alpha >= 0) || !Double.isFinite(bonus) || unique < 0) {
      throw new IllegalArgumentException(
          "expected a beam width of at least 1, a length normalisation of at least 0, a finite"
              + " bonus"
              + " and a number of words of at least 0, got %s, %s, %s and %s"
                  .formatted(width, alpha, bonus, unique));
    }
  }

  /** Without a bonus, and with repetitions. */
  public BeamSearch(int width, double alpha) {
    this(width, alpha, 0, 0);
  }
}
