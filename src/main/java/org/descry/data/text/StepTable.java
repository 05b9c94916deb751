package org.descry.data.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.datavec.api.records.reader.impl.csv.CSVSequenceRecordReader;
import org.datavec.api.writable.Writable;
import org.descry.DataException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.io.EndingFiles;
import org.descry.io.Excerpt;
import org.descry.io.IoErrors;

/**
 * A sequence of numbers as a CSV file holds it, a step a line.
 *
 * @param numbers T x D in row-major order
 * @param width D
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StepTable(float[] numbers, int width) {
  /** Of the files' names, in whatever case. */
  public static final String ENDING = ".csv";

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Java's own would take 1f, 0x1p3 and NaN too. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

  /** Whether a file is one of these, by its name. */
  public static boolean isTable(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ENDING);
  }

  /**
   * Reads a file to its end.
   *
   * @param skipLines lines before the first step
   * @throws DataException if there is no such file, or it cannot be read
   * @throws BadRecordException if it holds no step, steps of different widths, or what is no finite
   *     number
   */
  public static StepTable read(Path file, int skipLines, Intake intake) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "%s: %s; expected a CSV file with a step a line."
              .formatted(file, Files.isDirectory(file) ? "is a folder" : "no such file"));
    }
    String text = intake.reading(file, () -> text(file));
    requireNoGaps(file, skipLines, text);
    List<List<Writable>> rows = rows(file, skipLines, text);
    if (rows.isEmpty()) {
      throw new BadRecordException(file, null, file + ": has no steps; expected a step a line.");
    }
    int width = rows.get(0).size();
    float[] numbers = new float[rows.size() * width];
    for (int t = 0; t < rows.size(); t++) {
      String position = position(skipLines + t);
      if (rows.get(t).size() != width) {
        throw new BadRecordException(
            file,
            position,
            "%s, %s: has %s numbers; expected %s as in the first step."
                .formatted(file, position, rows.get(t).size(), width));
      }
      for (int d = 0; d < width; d++) {
        numbers[t * width + d] = number(file, position, rows.get(t).get(d).toString().strip());
      }
    }
    return new StepTable(numbers, width);
  }

  private static String position(int line) {
    return "line " + (line + 1);
  }

  /** Without a byte order mark, and without blank lines at its end. */
  private static String text(Path file) {
    try (InputStream in = EndingFiles.openText(file)) {
      String text = new String(in.readAllBytes(), UTF_8).stripTrailing();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (IOException e) {
      throw new DataException(
          "%s: cannot be read (%s); expected a CSV file in UTF-8.".formatted(file, IoErrors.of(e)),
          e);
    }
  }

  /** DataVec leaves out what is empty behind the last number of a line. */
  private static void requireNoGaps(Path file, int skipLines, String text) {
    List<String> lines = text.lines().toList();
    for (int i = skipLines; i < lines.size(); i++) {
      if (lines.get(i).stripTrailing().endsWith(",")) {
        throw new BadRecordException(
            file,
            position(i),
            "%s, %s: has nothing behind its last comma; expected a finite number."
                .formatted(file, position(i)));
      }
    }
  }

  private static List<List<Writable>> rows(Path file, int skipLines, String text) {
    try (CSVSequenceRecordReader reader = new CSVSequenceRecordReader(skipLines, ",")) {
      return reader.sequenceRecord(
          file.toUri(), new DataInputStream(new ByteArrayInputStream(text.getBytes(UTF_8))));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory, not a file, is read
    }
  }

  private static float number(Path file, String position, String value) {
    if (NUMBER.matcher(value).matches()) {
      float number = Float.parseFloat(value);
      if (Float.isFinite(number)) {
        return number;
      }
      throw new BadRecordException(
          file,
          position,
          "%s, %s: has \"%s\", which is beyond what float32 holds; expected a number from -3.4e38 to 3.4e38."
              .formatted(file, position, Excerpt.of(value)));
    }
    throw new BadRecordException(
        file,
        position,
        "%s, %s: has \"%s\"; expected a finite number."
            .formatted(file, position, Excerpt.of(value)));
  }
}
