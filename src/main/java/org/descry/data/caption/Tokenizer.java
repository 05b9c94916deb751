package org.descry.data.caption;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a sentence into words: lower case, NFC, punctuation dropped.
 *
 * <p>A word is a run of letters, digits and combining marks of any script, counted in code points.
 * An apostrophe between two of them stays ({@code don't}, also when it is typeset as U+2019);
 * everything else separates words, so {@code rock-climbing} is two. Tokenising the words again,
 * joined by blanks, gives the same words.
 */
public final class Tokenizer {
  private static final int APOSTROPHE = '\'';
  private static final int TYPESET_APOSTROPHE = 0x2019;

  private Tokenizer() {}

  /** Returns the words of {@code text} in their order, none of them empty. */
  public static List<String> tokenize(String text) {
    // Lower case first: it can decompose (U+0130), and what leaves here is NFC.
    int[] points =
        Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFC)
            .codePoints()
            .toArray();
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < points.length; i++) {
      if (isWordPart(points[i])) {
        word.appendCodePoint(points[i]);
      } else if (isApostrophe(points[i]) && !word.isEmpty() && startsWord(points, i + 1)) {
        word.append('\'');
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  private static boolean startsWord(int[] points, int at) {
    return at < points.length && isWordPart(points[at]);
  }

  private static boolean isApostrophe(int point) {
    return point == APOSTROPHE || point == TYPESET_APOSTROPHE;
  }

  private static boolean isWordPart(int point) {
    if (Character.isLetterOrDigit(point)) {
      return true;
    }
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }
}
