package org.descry.data.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.data.text.StepTable;
import org.descry.data.text.TextFiles;
import org.descry.data.text.TextUnit;
import org.descry.io.Excerpt;
import org.descry.io.IoErrors;

/** Counts labelled sequences in the order of a training, and finds what it would refuse. */
final class SequenceInspector {
  /** As data.maxSteps is by default. */
  static final int LONGEST = 100;

  private static final String TEXT = ".txt";
  private static final String TEXTS = "texts";

  private final Map<String, Integer> labels = new TreeMap<>();
  private final List<String> bad = new ArrayList<>();
  private final List<String> unlike = new ArrayList<>();
  private final List<Path> without = new ArrayList<>();
  private boolean begun;
  private int skipLines;
  private String kind; // of the first sequence
  private String first; // where it lies

  /**
   * What a file or folder holds.
   *
   * @throws DataException if it cannot be read
   */
  static List<String> lines(Path path) {
    SequenceInspector inspector = new SequenceInspector();
    if (Files.isDirectory(path)) {
      entries(path).forEach(inspector::entry);
    } else {
      inspector.texts(path, null);
    }
    return inspector.told();
  }

  private List<String> told() {
    List<String> lines = new ArrayList<>();
    labels.forEach((label, count) -> lines.add(TextInspector.counted(label, count)));
    int all = labels.values().stream().mapToInt(Integer::intValue).sum();
    lines.add(TextInspector.counted("all", all));
    if (skipLines > 0) {
      lines.add(TextInspector.row("names", "in the first line: expected data.skipLines: 1"));
    }
    if (!TEXTS.equals(kind)) {
      without.forEach(
          folder ->
              unlike.add("%s: has no file that ends in %s".formatted(folder, StepTable.ENDING)));
    }
    if (!unlike.isEmpty()) {
      lines.add(TextInspector.examples("not alike", unlike));
    }
    if (!bad.isEmpty()) {
      lines.add(TextInspector.examples("bad records", bad));
    }
    return lines;
  }

  private void entry(Path entry) {
    String name = entry.getFileName().toString();
    if (Files.isDirectory(entry)) {
      List<Path> files = entries(entry).stream().filter(StepTable::isTable).toList();
      if (files.isEmpty() && !name.startsWith(".")) {
        without.add(entry);
      }
      files.forEach(file -> table(name, file));
    } else if (name.endsWith(TEXT)) {
      texts(entry, name.substring(0, name.length() - TEXT.length()));
    }
  }

  private void table(String label, Path file) {
    try {
      StepTable table = begun ? StepTable.read(file, skipLines, Intake.strict()) : begin(file);
      int steps = table.numbers().length / table.width();
      count(label, file.toString(), "steps of %s numbers".formatted(table.width()), steps, "steps");
    } catch (BadRecordException e) {
      bad.add(e.getMessage());
    }
  }

  /** The first file, which says for all whether a line of names stands above the steps. */
  private StepTable begin(Path file) {
    begun = true;
    try {
      return StepTable.read(file, 0, Intake.strict());
    } catch (BadRecordException e) {
      if (!"line 1".equals(e.position())) {
        throw e;
      }
      StepTable below = StepTable.read(file, 1, Intake.strict());
      skipLines = 1;
      return below;
    }
  }

  /**
   * @param known the label of all lines; null where each has its own before a tab
   */
  private void texts(Path file, String known) {
    List<String> lines = TextFiles.read(file).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int tab = line.indexOf('\t');
      String label = known != null ? known : tab < 0 ? "" : line.substring(0, tab).strip();
      String text = line.substring(known == null ? tab + 1 : 0).strip();
      if (line.isBlank()) {
        continue;
      }
      if (label.isEmpty()) {
        bad.add("no label and tab: " + Excerpt.of(line));
      } else if (text.isEmpty()) {
        bad.add("no text: " + Excerpt.of(line));
      } else {
        int characters = TextUnit.CHARACTER.split(text).size();
        count(label, "%s, line %s".formatted(file, i + 1), TEXTS, characters, "characters");
      }
    }
  }

  private void count(String label, String where, String its, int steps, String unit) {
    if (kind == null) {
      kind = its;
      first = where;
    }
    if (!its.equals(kind)) {
      unlike.add("%s: has %s; expected %s as in %s".formatted(where, its, kind, first));
    } else if (steps > LONGEST) {
      bad.add(
          "%s: has %s %s; expected at most %s, or a data.maxSteps that allows more"
              .formatted(where, steps, unit, LONGEST));
    } else {
      labels.merge(label, 1, Integer::sum);
    }
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new DataException(
          "%s: cannot be read: %s; expected UTF-8 text.".formatted(folder, IoErrors.of(e)), e);
    }
  }
}
