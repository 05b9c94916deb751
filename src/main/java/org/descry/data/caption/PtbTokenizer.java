package org.descry.data.caption;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a sentence into words as the Penn Treebank does and the evaluation code of the field
 * (COCO's) after it: lower case; hyphenated words, numbers with points, commas and colons, and
 * abbreviations stay whole; what {@code n't}, {@code 's} and their like are joined to is split from
 * them; punctuation is dropped, and brackets, which that code forgets, are the words {@code -lrb-}
 * and so on.
 */
final class PtbTokenizer {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?:\\p{L}\\.){2,}" // u.s.
              + "|(?:mr|mrs|ms|dr|st|jr|sr|vs|etc|inc|ltd|corp|ave|blvd)\\."
              + "|\\d*(?:[.,:/]\\d+)+(?![\\p{L}\\p{N}])|\\d+(?:[.,:/]\\d+)+(?:st|nd|rd|th)?"
              + "|[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}]*(?:['-][\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}]*)*"
              + "|\\S");

  private static final Pattern CLITIC = Pattern.compile("(.+?)(n't|'s|'m|'d|'re|'ve|'ll)");

  private static final Map<String, List<String>> SPLIT =
      Map.of(
          "cannot", List.of("can", "not"),
          "gonna", List.of("gon", "na"),
          "gotta", List.of("got", "ta"),
          "wanna", List.of("wan", "na"),
          "gimme", List.of("gim", "me"),
          "lemme", List.of("lem", "me"));

  private static final Map<String, String> BRACKETS =
      Map.of("(", "-lrb-", ")", "-rrb-", "[", "-lsb-", "]", "-rsb-", "{", "-lcb-", "}", "-rcb-");

  /** What COCO's code drops, and what the Penn Treebank turns into it. */
  private static final Set<String> PUNCTUATION =
      Set.of(
          "'", "`", "\"", ".", "?", "!", ",", ":", "-", ";", "\u2013", "\u2014", "\u2018", "\u201c",
          "\u201d", "\u2026", "\u00ab", "\u00bb");

  private PtbTokenizer() {}

  /** Returns the words of {@code text} in their order, none of them empty. */
  static List<String> tokenize(String text) {
    String lower =
        Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFC)
            .replace('\u2019', '\'');
    List<String> words = new ArrayList<>();
    for (Matcher token = TOKEN.matcher(lower); token.find(); ) {
      add(token.group(), words);
    }
    return words;
  }

  private static void add(String token, List<String> words) {
    Matcher clitic = CLITIC.matcher(token);
    if (SPLIT.containsKey(token)) {
      words.addAll(SPLIT.get(token));
    } else if (clitic.matches()) {
      words.add(clitic.group(1));
      words.add(clitic.group(2));
    } else if (!PUNCTUATION.contains(token)) {
      words.add(BRACKETS.getOrDefault(token, token));
    }
  }
}
