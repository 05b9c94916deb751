package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By the rules of the Penn Treebank's tokenizer and the list of what COCO's code drops. */
class PtbTokenizerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "A man's dog -- it isn't brown -- runs. | a man 's dog it is n't brown runs",
        "Rock-climbing T-shirts | rock-climbing t-shirts",
        "They're here, we've won; I'd say \"it'll do\"! | they 're here we 've won i 'd say it 'll"
            + " do",
        "He can't and cannot | he ca n't and can not",
        "1,000 people ran 3.5 miles at 10:30 | 1,000 people ran 3.5 miles at 10:30",
        "Number 23 and the 2nd 10-year-old | number 23 and the 2nd 10-year-old",
        "Mr. Smith of the U.S. team. | mr. smith of the u.s. team",
        "two dogs' toys, 'quoted' | two dogs toys quoted",
        "a dog (brown) & a cat | a dog -lrb- brown -rrb- & a cat",
        "five o'clock | five o'clock",
        "wait... what?! | wait what",
        "The dog\u2019s ball \u2013 \u201cred\u201d | the dog 's ball red",
        "A half 1/2 pound | a half 1/2 pound",
      })
  void wordsAreCutAsTheFieldCutsThem(String text, String words) {
    assertThat(String.join(" ", CaptionWords.PTB.of(text))).isEqualTo(words);
  }
}
