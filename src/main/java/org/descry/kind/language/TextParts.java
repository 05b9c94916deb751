package org.descry.kind.language;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.EpochBatches;
import org.descry.data.Fingerprint;
import org.descry.data.Intake;
import org.descry.data.builtin.BuiltInTexts;
import org.descry.data.text.TextBatches;
import org.descry.data.text.TextFiles;
import org.descry.data.text.TextUnit;
import org.descry.data.text.TextVocabulary;
import org.descry.job.TextDataSettings;
import org.descry.job.TextDataSettings.Sequences;
import org.descry.job.schema.FilePath;
import org.descry.train.Task;

/**
 * A text as numbers, in three parts one behind another; the vocabulary is the training part's. A
 * part with a share of 0 is the training part itself.
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

    void addTo(Fingerprint fingerprint) {
      for (int[] line : lines) {
        fingerprint.add(line);
      }
    }

    /** What a network is trained on. */
    EpochBatches batches(int batchSize, TextDataSettings data, long seed) {
      if (kind == Sequences.RUNNING) {
        return TextBatches.running(lines[0], batchSize, data.steps());
      }
      return data.bucketing()
          ? TextBatches.bucketed(lines, batchSize, data.steps(), seed)
          : TextBatches.sentences(lines, batchSize, data.steps(), seed);
    }

    /** The first {@code count} sequences of {@code steps} tokens. */
    Part first(int count, int steps) {
      if (kind == Sequences.LINES) {
        return new Part(kind, Arrays.copyOf(lines, Math.min(count, lines.length)));
      }
      long tokens = Math.min(lines[0].length, (long) count * steps + 1);
      return new Part(kind, new int[][] {Arrays.copyOf(lines[0], (int) tokens)});
    }

    /**
     * A whole text for a vocabulary that there is already.
     *
     * @param source what the text is called in messages
     * @throws DescryException if it holds a token that the vocabulary has no number for, or none
     *     that could be predicted
     */
    static Part of(Sequences kind, String text, TextVocabulary vocabulary, String source) {
      return of(kind, split(kind, text, vocabulary.unit()), vocabulary, source)
          .checked("text", 2, source);
    }

    private static Part of(
        Sequences kind, List<List<String>> lines, TextVocabulary vocabulary, String source) {
      return new Part(
          kind,
          lines.stream()
              .map(
                  line ->
                      kind == Sequences.LINES
                          ? vocabulary.encodeLine(line, source)
                          : vocabulary.encode(line, source))
              .toArray(int[][]::new));
    }

    private Part checked(String name, int needed, String source) {
      int longest = Arrays.stream(lines).mapToInt(line -> line.length).max().orElse(0);
      if (longest < needed) {
        throw new DataException(
            "%s: the %s has %s tokens%s; expected at least %s for one sequence: a longer text,"
                    .formatted(
                        source,
                        name,
                        longest,
                        kind == Sequences.LINES ? " in its longest line" : "",
                        needed)
                + " a smaller data.steps or another data.validation and data.test.");
      }
      return this;
    }
  }

  /**
   * Reads the text, cuts it into parts, and numbers the tokens that the training part knows.
   *
   * @param atMost the number of sequences that each part is cut to
   * @throws DescryException if it cannot be read, or a part is too short for one sequence
   */
  static TextParts read(TextDataSettings data, int atMost, Intake intake) {
    Tokens tokens = Tokens.read(data, intake);
    boolean running = data.sequences() == Sequences.RUNNING;
    // A line that data.steps cuts short has no end to learn.
    boolean ends = !running && tokens.train.stream().anyMatch(line -> line.size() <= data.steps());
    TextVocabulary vocabulary =
        TextVocabulary.of(
            unit(data),
            tokens.train,
            Stream.concat(tokens.validation.stream(), tokens.test.stream()).toList(),
            data.minCount(),
            ends);
    Part learnt =
        Part.of(data.sequences(), tokens.train, vocabulary, data.path().toString())
            .checked("training part", running ? data.steps() + 1 : 2, data.path().toString())
            .first(atMost, data.steps());
    return new TextParts(
        vocabulary,
        learnt,
        data.validation() > 0
            ? held(data, tokens.validation, vocabulary, "validation part", atMost)
            : learnt,
        data.test() > 0 ? held(data, tokens.test, vocabulary, "test part", atMost) : learnt);
  }

  /**
   * The test part of the text, for a vocabulary that there is already; the training part where the
   * job holds nothing out for the test, as a training does.
   *
   * @throws DescryException if it cannot be read, or is too short
   */
  static Part test(TextDataSettings data, TextVocabulary vocabulary) {
    Tokens tokens = Tokens.read(data, Task.intake(data));
    return held(
        data,
        data.test() > 0 ? tokens.test : tokens.train,
        vocabulary,
        "test part",
        Integer.MAX_VALUE);
  }

  private static Part held(
      TextDataSettings data,
      List<List<String>> lines,
      TextVocabulary vocabulary,
      String name,
      int atMost) {
    return Part.of(data.sequences(), lines, vocabulary, data.path().toString())
        .checked(name, 2, data.path().toString())
        .first(atMost, data.steps());
  }

  private static TextUnit unit(TextDataSettings data) {
    return TextUnit.valueOf(data.unit().name());
  }

  private static String text(FilePath path, Intake intake) {
    String text =
        BuiltInTexts.named(path.toString())
            .or(() -> intake.reading(path, path::found).map(file -> TextFiles.read(file, intake)))
            .or(() -> BuiltInTexts.ofSourceFile(path.toString()))
            .orElseGet(() -> TextFiles.read(path.find(), intake));
    intake.settle();
    return text;
  }

  /** The tokens of each line that holds any, or of the whole text as one line. */
  private static List<List<String>> split(Sequences kind, String text, TextUnit unit) {
    return kind == Sequences.LINES
        ? text.lines().filter(line -> !line.isBlank()).map(unit::split).toList()
        : List.of(unit.split(text.strip()));
  }

  /** The text in its three parts, the test part last. */
  private record Tokens(
      List<List<String>> train, List<List<String>> validation, List<List<String>> test) {
    static Tokens read(TextDataSettings data, Intake intake) {
      List<List<String>> lines = split(data.sequences(), text(data.path(), intake), unit(data));
      boolean running = data.sequences() == Sequences.RUNNING;
      int size = running ? lines.get(0).size() : lines.size();
      int testFrom = size - (int) Math.round(data.test() * size);
      int validationFrom = testFrom - (int) Math.round(data.validation() * size);
      return new Tokens(
          slice(lines, running, 0, validationFrom),
          slice(lines, running, validationFrom, testFrom),
          slice(lines, running, testFrom, size));
    }
  }

  private static List<List<String>> slice(
      List<List<String>> lines, boolean running, int from, int to) {
    return running ? List.of(lines.get(0).subList(from, to)) : lines.subList(from, to);
  }
}
