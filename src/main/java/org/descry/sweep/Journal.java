package org.descry.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.DiskException;
import org.descry.io.Json;
import org.descry.metrics.EpochMetrics;

/**
 * What is known of a sweep, line by line in JSON: first the sweep itself, then each training when
 * it has ended. A line is on the disk before anyone acts on it. Lines are only ever added, so
 * whenever the program dies, what is lost is at most the line that was being written.
 */
public final class Journal implements AutoCloseable {
  public static final String NAME = "journal.jsonl";
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final FileChannel channel;
  private final JsonNode sweep;
  private final Map<Key, Entry> entries;

  private record Key(int candidate, int repeat) {}

  /**
   * A training that ended.
   *
   * @param candidate its number
   * @param repeat from 0
   * @param settings of the candidate
   * @param seed of the job
   * @param score the objective; null if it failed
   * @param seconds that it took
   * @param epochs what was measured after each epoch
   * @param failure in a sentence; null if there was none
   * @param elapsed seconds of the whole sweep so far, over all sittings
   */
  public record Entry(
      int candidate,
      int repeat,
      Map<String, JsonNode> settings,
      long seed,
      Double score,
      double seconds,
      List<EpochMetrics> epochs,
      String failure,
      double elapsed) {
    public Entry {
      settings = new LinkedHashMap<>(settings);
      epochs = List.copyOf(epochs);
    }
  }

  private Journal(Path file, FileChannel channel, JsonNode sweep, Map<Key, Entry> entries) {
    this.file = file;
    this.channel = channel;
    this.sweep = sweep;
    this.entries = entries;
  }

  /** Whether the file holds at least the sweep itself. */
  static boolean begun(Path file) throws IOException {
    return Files.exists(file) && wholeLines(file).length > 0;
  }

  /** Begins a journal, over what an earlier one may have left. */
  static Journal begin(Path file, JsonNode sweep) {
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      Journal journal = new Journal(file, channel, sweep, new LinkedHashMap<>());
      journal.write(Map.of("sweep", sweep));
      return journal;
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Goes on with a journal; cuts off a last line that was not written to its end.
   *
   * @throws DescryException if another line is damaged
   */
  static Journal resume(Path file) {
    try {
      byte[] whole = wholeLines(file);
      String[] lines = new String(whole, StandardCharsets.UTF_8).split("\n");
      JsonNode sweep = JSON.readTree(lines[0]).path("sweep");
      Map<Key, Entry> entries = new LinkedHashMap<>();
      for (int i = 1; i < lines.length; i++) {
        Entry entry = entry(file, lines[i], i + 1);
        entries.putIfAbsent(new Key(entry.candidate(), entry.repeat()), entry);
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      channel.truncate(whole.length);
      channel.position(whole.length);
      return new Journal(file, channel, sweep, entries);
    } catch (JsonProcessingException e) {
      throw damaged(file, 1, e);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static Entry entry(Path file, String line, int number) {
    try {
      return JSON.readValue(line, Entry.class);
    } catch (JsonProcessingException e) {
      throw damaged(file, number, e);
    }
  }

  private static byte[] wholeLines(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }

  /** The sweep as it was begun. */
  JsonNode sweep() {
    return sweep;
  }

  /** What is known of a training; null if it has not ended. */
  public synchronized Entry entry(int candidate, int repeat) {
    return entries.get(new Key(candidate, repeat));
  }

  /** Seconds of earlier sittings. */
  synchronized double elapsed() {
    return entries.values().stream().mapToDouble(Entry::elapsed).max().orElse(0);
  }

  /** One more than the largest number of a candidate that has been trained. */
  synchronized int candidates() {
    return entries.values().stream().mapToInt(Entry::candidate).max().orElse(-1) + 1;
  }

  synchronized int trainings() {
    return entries.size();
  }

  /** Adds a training; it is on the disk when this returns. */
  public synchronized void add(Entry entry) {
    try {
      write(entry);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
    entries.put(new Key(entry.candidate(), entry.repeat()), entry);
  }

  private void write(Object line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Every line is on the disk already.
    }
  }

  private static DescryException damaged(Path file, int line, Exception cause) {
    return new DataException(
        "%s: line %d is damaged; expected the journal as the sweep wrote it: --force begins anew."
            .formatted(file, line),
        cause);
  }

  public static DescryException unwritable(Path file, IOException cause) {
    return new DiskException(
        "%s cannot be written (%s); expected a folder that can be written and has room."
            .formatted(file, cause.getMessage()),
        cause);
  }
}
