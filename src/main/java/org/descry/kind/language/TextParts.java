package org.descry.kind.language;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.text.TextBatches;
import org.descry.data.text.TextFiles;
import org.descry.data.text.TextVocabulary;
import org.descry.job.TextDataSettings;
import org.descry.job.TextDataSettings.Sequences;

/**
 * A text as numbers, in three parts one behind another. A part with a share of 0 is the training
 * part itself.
 */
record TextParts(TextVocabulary vocabulary, Part train, Part validation, Part test) {

  /** Lines of their own, or a running text as a single one. */
  record Part(Sequences kind, int[][] lines) {
    int tokens() {
      return Arrays.stream(lines).mapToInt(line -> line.length).sum();
    }

    /** The most rows that a batch can have. */
    int rows(TextDataSettings data) {
      return kind == Sequences.LINES
          ? lines.length
          : Math.max(1, (lines[0].length - 1) / data.steps());
    }

    /**
     * @param stateWidth of the network; for a running text
     */
    TextBatches batches(int batchSize, int steps, int stateWidth, long seed) {
      return kind == Sequences.LINES
          ? TextBatches.sentences(lines, batchSize, steps, seed)
          : TextBatches.running(lines[0], batchSize, steps, stateWidth);
    }

    /** The first {@code count} sequences of {@code steps} tokens. */
    Part first(int count, int steps) {
      if (kind == Sequences.LINES) {
        return new Part(kind, Arrays.copyOf(lines, Math.min(count, lines.length)));
      }
      long tokens = Math.min(lines[0].length, (long) count * steps + 1);
      return new Part(kind, new int[][] {Arrays.copyOf(lines[0], (int) tokens)});
    }
  }

  /**
   * Reads and numbers the text.
   *
   * @param atMost the number of sequences that each part is cut to
   * @throws DescryException if it cannot be read, or a part is too short for one sequence
   */
  static TextParts read(TextDataSettings data, int atMost) {
    String text = TextFiles.read(Path.of(data.path()));
    List<String> texts =
        data.sequences() == Sequences.LINES
            ? text.lines().filter(line -> !line.isBlank()).toList()
            : List.of(text.strip());
    TextVocabulary vocabulary = TextVocabulary.of(data.unit(), texts, data.minCount());
    int[][] lines =
        texts.stream().map(line -> vocabulary.encode(line, data.path())).toArray(int[][]::new);
    int size = data.sequences() == Sequences.LINES ? lines.length : lines[0].length;
    int testFrom = size - (int) Math.round(data.test() * size);
    int validationFrom = testFrom - (int) Math.round(data.validation() * size);
    Part train = part(data, lines, 0, validationFrom, "training", atMost);
    return new TextParts(
        vocabulary,
        train,
        data.validation() > 0
            ? part(data, lines, validationFrom, testFrom, "validation", atMost)
            : train,
        data.test() > 0 ? part(data, lines, testFrom, size, "test", atMost) : train);
  }

  private static Part part(
      TextDataSettings data, int[][] lines, int from, int to, String name, int atMost) {
    boolean running = data.sequences() == Sequences.RUNNING;
    int[][] chosen =
        running
            ? new int[][] {Arrays.copyOfRange(lines[0], from, to)}
            : Arrays.copyOfRange(lines, from, to);
    int needed = running ? data.steps() + 1 : 2;
    int longest = Arrays.stream(chosen).mapToInt(line -> line.length).max().orElse(0);
    if (longest < needed) {
      throw new DataException(
          "%s: the %s part has %d tokens%s; expected at least %d for one sequence: a longer text,"
                  .formatted(
                      data.path(), name, longest, running ? "" : " in its longest line", needed)
              + " a smaller data.steps or another data.validation and data.test.");
    }
    return new Part(data.sequences(), chosen).first(atMost, data.steps());
  }
}
