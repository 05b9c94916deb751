package org.descry.data.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.descry.data.Seeds;

/**
 * The built-in sequences: names of six made-up languages, put together from syllables by the rules
 * of each. Two share their letters and differ in their order alone, two in harmony of vowels. All
 * comes from the seed.
 */
public final class Names {
  /** Names of each language. */
  static final int EACH = 400;

  private static final List<Language> LANGUAGES =
      List.of(
          // Open syllables; a last vowel that the others do not have.
          new Language("ovian", "b d g l m n v", "a e i", "", "", "o", 2, 4),
          // Clusters and closed syllables.
          new Language("kreth", "kr st tr b g th sk", "a e u", "", "n r k th", "", 1, 2),
          // Marked in front by what the next one has behind.
          new Language("selun", "l m n r s t", "a e u", "sel", "n", "", 1, 3),
          new Language("nules", "l m n r s t", "a e u", "", "n", "les", 1, 3),
          // Front vowels alone or back vowels alone in a name; in the last one they take turns.
          new Language("hulmi", "h j k l m p", "i e y|u o a", "", "l", "", 2, 3),
          new Language("pojak", "h j k l m p", "i e y/u o a", "", "l", "", 2, 3));

  private Names() {}

  /** A name and its language. */
  public record Name(String language, String text) {}

  /**
   * How names of a language are made; lists are divided by blanks.
   *
   * @param onsets that begin a syllable
   * @param vowels of a syllable; where a bar divides them, one side of it all through a name; where
   *     a slash does, its sides in turns
   * @param prefix in front of every name
   * @param codas that close a syllable, as often as none does
   * @param suffix behind every name
   * @param least syllables between them
   * @param most syllables between them
   */
  private record Language(
      String name,
      String onsets,
      String vowels,
      String prefix,
      String codas,
      String suffix,
      int least,
      int most) {

    String draw(SplittableRandom random) {
      String[] sides = vowels.split("[|/]");
      boolean turns = vowels.contains("/");
      int side = random.nextInt(sides.length);
      StringBuilder text = new StringBuilder(prefix);
      int syllables = least + random.nextInt(most - least + 1);
      for (int i = 0; i < syllables; i++) {
        String[] usual = sides[turns ? (side + i) % sides.length : side].split(" ");
        text.append(one(onsets.split(" "), random)).append(one(usual, random));
        if (!codas.isEmpty() && random.nextInt(2) == 0) {
          text.append(one(codas.split(" "), random));
        }
      }
      return text.append(suffix).toString();
    }

    private static String one(String[] of, SplittableRandom random) {
      return of[random.nextInt(of.length)];
    }
  }

  /** All names, language by language. */
  public static List<Name> generate(long seed) {
    List<Name> names = new ArrayList<>();
    for (int language = 0; language < LANGUAGES.size(); language++) {
      SplittableRandom random = Seeds.random(seed, language);
      for (int i = 0; i < EACH; i++) {
        Language of = LANGUAGES.get(language);
        names.add(new Name(of.name, of.draw(random)));
      }
    }
    return names;
  }
}
