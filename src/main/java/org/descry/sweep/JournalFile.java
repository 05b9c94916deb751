package org.descry.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.io.EndingFiles;

/**
 * What the file of a {@link Journal} holds.
 *
 * @param sweep as it was begun
 * @param entries in the order of the lines
 * @param alone times of candidates
 * @param ended the budget that was spent; null if something has been done since
 * @param bytes of the lines that are whole
 */
record JournalFile(
    JsonNode sweep,
    List<Journal.Entry> entries,
    List<Journal.Alone> alone,
    JsonNode ended,
    int bytes) {
  /** The first line. */
  static final String SWEEP = "sweep";

  /** The line that a sweep leaves that has spent its budget. */
  static final String ENDED = "ended";

  /** What the line of a {@link Journal.Alone} has and no other. */
  private static final String ALONE = "alone";

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * @throws IOException if it cannot be read
   * @throws DescryException if a whole line is damaged
   */
  static JournalFile read(Path file) throws IOException {
    byte[] whole = wholeLines(file);
    String[] lines = new String(whole, StandardCharsets.UTF_8).split("\n");
    JsonNode sweep = line(file, lines.length == 0 ? "" : lines[0], 1).path(SWEEP);
    if (!sweep.isObject()) {
      throw damaged(file, 1, null);
    }
    List<Journal.Entry> entries = new ArrayList<>();
    List<Journal.Alone> alone = new ArrayList<>();
    JsonNode ended = null;
    for (int i = 1; i < lines.length; i++) {
      JsonNode line = line(file, lines[i], i + 1);
      ended = line.get(ENDED);
      if (line.has(ALONE)) {
        alone.add(value(Journal.Alone.class, file, line, i + 1));
      } else if (ended == null) {
        entries.add(value(Journal.Entry.class, file, line, i + 1));
      }
    }
    return new JournalFile(sweep, entries, alone, ended, whole.length);
  }

  /** The file without a last line that was not written to its end. */
  static byte[] wholeLines(Path file) throws IOException {
    byte[] bytes = EndingFiles.bytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static JsonNode line(Path file, String line, int number) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw damaged(file, number, e);
    }
  }

  private static <T> T value(Class<T> type, Path file, JsonNode line, int number) {
    try {
      T value = JSON.treeToValue(line, type);
      if (value == null) {
        throw damaged(file, number, null);
      }
      return value;
    } catch (JsonProcessingException e) {
      throw damaged(file, number, e);
    }
  }

  private static DescryException damaged(Path file, int line, Exception cause) {
    return new DataException(
        "%s: line %s is damaged; expected the journal as the sweep wrote it: --force begins anew."
            .formatted(file, line),
        cause);
  }
}
