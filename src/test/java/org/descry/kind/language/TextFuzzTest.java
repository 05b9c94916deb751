package org.descry.kind.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.descry.DescryException;
import org.descry.job.JobFile;
import org.descry.job.TextDataSettings;
import org.descry.testing.Damage;
import org.descry.train.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged texts are cut into parts or refused in a sentence, soon. */
class TextFuzzTest {
  private static final String TEXT =
      "\uFEFFthe cat sat on the mat\r\n\u6211\u4eec \u4eca\u5929\r\n\n  caf\u00e9 \ud83d\ude00 .\n"
          .repeat(4);

  @TempDir Path dir;

  private void texts(int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = dir.resolve("text.txt");
    int read = 0;
    for (int i = 0; i < count; i++) {
      String how =
          "unit: %s, sequences: %s, minCount: %d, steps: %d"
              .formatted(
                  i % 2 == 0 ? "word" : "character",
                  i % 3 == 0 ? "running" : "lines",
                  1 + i % 2,
                  1 + i % 5);
      TextDataSettings data =
          (TextDataSettings)
              JobFile.parse(
                      "job",
                      """
                      name: fuzz
                      model: {type: language-rnn, embedding: 0, hidden: 4}
                      data: {source: text, path: "%s", validation: 0.2, test: 0.2, %s}
                      """
                          .formatted(file, how))
                  .job()
                  .data();
      Files.write(file, Damage.ofText(TEXT.getBytes(StandardCharsets.UTF_8), random));
      TextParts parts =
          Damage.readOrRefused(
              () -> TextParts.read(data, Integer.MAX_VALUE, Task.intake(data)),
              DescryException.class,
              "text %d of seed %d, %s".formatted(i, seed, how));
      if (parts != null) {
        assertThat(parts.train().tokens()).isPositive();
        assertThat(parts.test().tokens()).isPositive();
        read++;
      }
    }
    assertThat(read).isBetween(count / 10, count - 1);
  }

  @Test
  void aFewDamagedTexts() throws IOException {
    texts(150, 1);
  }

  @Test
  @Tag("slow")
  void thousandsOfDamagedTexts() throws IOException {
    texts(10_000, 2);
  }
}
