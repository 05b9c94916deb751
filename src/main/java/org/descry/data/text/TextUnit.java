package org.descry.data.text;

import java.util.Arrays;
import java.util.List;

/** What a language model reads and writes one at a time. */
public enum TextUnit {
  /** Runs of anything but white space. */
  WORD(" ") {
    @Override
    public List<String> split(String text) {
      return Arrays.stream(text.split("(?U)\\s+")).filter(word -> !word.isEmpty()).toList();
    }
  },

  /** Unicode code points, line ends and blanks among them. */
  CHARACTER("") {
    @Override
    public List<String> split(String text) {
      return text.codePoints().mapToObj(Character::toString).toList();
    }
  };

  private final String separator;

  TextUnit(String separator) {
    this.separator = separator;
  }

  /** The tokens of a text in their order. */
  public abstract List<String> split(String text);

  /** Puts tokens together to a text. */
  String join(List<String> tokens) {
    return String.join(separator, tokens);
  }
}
