package org.descry.kind.sequence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.data.Seeds;
import org.descry.data.builtin.Names;
import org.descry.data.text.StepTable;
import org.descry.data.text.TextFiles;
import org.descry.data.text.TextUnit;
import org.descry.io.IoErrors;
import org.descry.job.SequenceDataSettings;

/**
 * Reads labelled sequences as they lie.
 *
 * @param source what the data are called in messages
 */
record SequenceReader(SequenceDataSettings settings, String source, Intake intake) {
  private static final String NAMES = "builtin:names";
  private static final String NORMAL = "builtin:normal";
  private static final String TEXT = ".txt";

  /**
   * A sequence of tokens or of numbers.
   *
   * @param tokens null of numbers
   * @param numbers T x D in row-major order; null of tokens
   * @param width D; 1 of tokens
   * @param where it lies, for messages
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sequence(String label, List<String> tokens, float[] numbers, int width, String where) {}

  /** The data of a job, built in or from where the job says. */
  static List<Sequence> ofJob(SequenceDataSettings settings, long seed, Intake intake) {
    String path = settings.path().toString();
    SequenceReader reader = new SequenceReader(settings, path, intake);
    if (path.equals(NAMES)) {
      return reader.checked(
          Names.generate(seed).stream()
              .map(name -> reader.text(name.language(), name.text(), "The name " + name.text()))
              .toList());
    }
    if (path.equals(NORMAL)) {
      return reader.checked(reader.normal(seed));
    }
    if (path.startsWith("builtin:")) {
      throw new DataException(
          "%s: there are no such sequences; expected %s or %s.".formatted(path, NAMES, NORMAL));
    }
    return intake.reading(settings.path(), () -> reader.read(settings.path().find()));
  }

  /** Three sequences of five steps of ten numbers, about normal. */
  private List<Sequence> normal(long seed) {
    SplittableRandom random = Seeds.random(seed);
    List<Sequence> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      float[] numbers = new float[5 * 10];
      for (int k = 0; k < numbers.length; k++) {
        // Spelt out, because nextGaussian is not promised to stay the same.
        numbers[k] = (float) (random.doubles(12).sum() - 6);
      }
      all.add(new Sequence("normal", null, numbers, 10, NORMAL));
    }
    return all;
  }

  /**
   * The sequences of a file or folder.
   *
   * @throws DataException if it cannot be read or holds none
   */
  List<Sequence> read(Path path) {
    List<Sequence> all = new ArrayList<>();
    List<Path> without = new ArrayList<>();
    if (Files.isRegularFile(path)) {
      lines(path, null, all);
    } else {
      for (Path entry : entries(path)) {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry)) {
          List<Path> files = entries(entry).stream().filter(StepTable::isTable).toList();
          if (files.isEmpty() && !name.startsWith(".")) {
            without.add(entry);
          }
          files.forEach(file -> attempt(() -> all.add(numbers(name, file))));
        } else if (name.endsWith(TEXT)) {
          lines(entry, name.substring(0, name.length() - TEXT.length()), all);
        }
      }
    }
    List<Sequence> good = shortEnough(all);
    requireAlike(good); // said first, since a data set of two widths is of no use
    intake.settle();
    if (good.isEmpty()) {
      throw new DataException(
          "%s: has no sequences; expected lines of a label, a tab and a text, a text file for each label, or a folder of CSV files for each label."
              .formatted(path));
    }
    if (!without.isEmpty() && good.get(0).tokens == null) {
      throw new DataException(
          "%s: has no file that ends in %s; expected a sequence at least of each label."
              .formatted(without.get(0), StepTable.ENDING));
    }
    return good;
  }

  /** Those that are short enough, where nothing else can be wrong with them. */
  private List<Sequence> checked(List<Sequence> all) {
    List<Sequence> good = shortEnough(all);
    intake.settle();
    return good;
  }

  private List<Sequence> shortEnough(List<Sequence> all) {
    List<Sequence> good = new ArrayList<>();
    for (Sequence sequence : all) {
      int steps =
          sequence.tokens == null
              ? sequence.numbers.length / sequence.width
              : sequence.tokens.size();
      if (steps <= settings.maxSteps()) {
        good.add(sequence);
      } else {
        intake.leaveOut(
            new BadRecordException(
                source,
                sequence.where,
                "%s: has a sequence of %s steps; expected at most data.maxSteps = %s."
                    .formatted(sequence.where, steps, settings.maxSteps())));
      }
    }
    return good;
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new DataException(
          "%s: cannot be read (%s); expected a file or folder of sequences."
              .formatted(folder, IoErrors.of(e)),
          e);
    }
  }

  private void requireAlike(List<Sequence> all) {
    for (Sequence other : all) {
      Sequence first = all.get(0);
      if (other.width != first.width || (other.tokens == null) != (first.tokens == null)) {
        throw new DataException(
            "%s: has %s; expected %s as in %s%s."
                .formatted(other.where, kind(other), kind(first), first.where, intake.sentence()));
      }
    }
  }

  private static String kind(Sequence sequence) {
    return sequence.tokens == null ? "steps of %s numbers".formatted(sequence.width) : "texts";
  }

  /**
   * @param label of all lines; null where each has its own before a tab
   */
  private void lines(Path file, String label, List<Sequence> into) {
    List<String> lines = TextFiles.read(file, intake).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String position = "line " + (i + 1);
      if (!line.isBlank()) {
        attempt(() -> into.add(line(file, position, label, line)));
      }
    }
  }

  private Sequence line(Path file, String position, String label, String line) {
    String where = file + ", " + position;
    int tab = line.indexOf('\t');
    if (label == null && (tab < 0 || line.substring(0, tab).isBlank())) {
      throw new BadRecordException(
          file, position, where + ": has no label and tab; expected LABEL<tab>TEXT.");
    }
    Sequence sequence =
        text(
            label == null ? line.substring(0, tab).strip() : label,
            line.substring(label == null ? tab + 1 : 0),
            where);
    if (sequence.tokens.isEmpty()) {
      throw new BadRecordException(
          file, position, where + ": has no text; expected at least one token.");
    }
    return sequence;
  }

  private Sequence text(String label, String text, String where) {
    List<String> tokens = TextUnit.valueOf(settings.unit().name()).split(text.strip());
    return new Sequence(label, tokens, null, 1, where);
  }

  /** The steps of a CSV file. */
  Sequence numbers(String label, Path file) {
    StepTable steps = StepTable.read(file, settings.skipLines(), intake);
    return new Sequence(label, null, steps.numbers(), steps.width(), file.toString());
  }

  private void attempt(Runnable reading) {
    try {
      reading.run();
    } catch (BadRecordException e) {
      intake.leaveOut(e);
    }
  }
}
