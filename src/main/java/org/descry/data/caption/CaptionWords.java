package org.descry.data.caption;

import java.util.List;
import java.util.function.Function;

/** What the words of a caption are. */
public enum CaptionWords {
  /** Runs of letters and digits, see {@link Tokenizer}. */
  PLAIN(Tokenizer::tokenize),
  /** As the Penn Treebank and the field's evaluation code have it. */
  PTB(PtbTokenizer::tokenize);

  private final Function<String, List<String>> tokenizer;

  CaptionWords(Function<String, List<String>> tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Returns the words of {@code text} in their order, none of them empty. */
  public List<String> of(String text) {
    return tokenizer.apply(text);
  }
}
