package org.descry.data.caption;

import java.util.List;

/** A caption as it was written and as words, cut once. */
record Sentence(String text, List<String> words) {
  static Sentence of(String text) {
    return new Sentence(text, Tokenizer.tokenize(text));
  }
}
