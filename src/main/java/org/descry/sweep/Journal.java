package org.descry.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.io.IoErrors;
import org.descry.io.Json;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.arbiter.Piece;
import org.descry.train.folder.RunPlace;

/**
 * What is known of a sweep, line by line in JSON: first the sweep itself, then each training when
 * it has ended, and that the budget is spent. A line is on the disk before anyone acts on it. Lines
 * are only ever added, so whenever the program dies, what is lost is at most the line that was
 * being written.
 */
final class Journal implements AutoCloseable {
  static final String NAME = RunPlace.SWEEP;

  private final Path file;
  private final FileChannel channel;
  private final JsonNode sweep;
  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private final Map<Key, Entry> first = new HashMap<>();
  private final Map<Integer, Double> alone = new HashMap<>();
  private JsonNode ended;

  private record Key(int candidate, int repeat, int until) {
    Key(Entry entry) {
      this(entry.candidate, entry.repeat, entry.until == null ? Piece.ALL : entry.until);
    }
  }

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
   * @param elapsed seconds of the whole sweep so far, over all runs of it
   * @param died whether it failed because its process ended: it is tried again when the sweep is
   *     resumed; null for no
   * @param until the epoch after which it was to pause; null for none
   * @param pruned whether it was ended before its last epoch; null for no
   * @param measures further objectives; null for none
   * @param piece of the sweep's work that it belongs to; null for that of the candidate's number
   */
  record Entry(
      int candidate,
      int repeat,
      Map<String, JsonNode> settings,
      long seed,
      Double score,
      double seconds,
      List<EpochMetrics> epochs,
      String failure,
      double elapsed,
      @JsonInclude(JsonInclude.Include.NON_NULL) Boolean died,
      @JsonInclude(JsonInclude.Include.NON_NULL) Integer until,
      @JsonInclude(JsonInclude.Include.NON_NULL) Boolean pruned,
      @JsonInclude(JsonInclude.Include.NON_NULL) Map<String, Double> measures,
      @JsonInclude(JsonInclude.Include.NON_NULL) Integer piece) {
    Entry {
      if (candidate < 0 || repeat < 0 || (until != null && until < 1)) {
        throw new IllegalArgumentException("no training of a sweep");
      }
      settings = new LinkedHashMap<>(settings);
      epochs = List.copyOf(epochs);
    }

    /** Whether the training is to be tried again. */
    boolean unfinished() {
      return Boolean.TRUE.equals(died);
    }
  }

  /**
   * How long a candidate takes.
   *
   * @param alone its number
   */
  record Alone(int alone, double seconds) {
    Alone {
      if (alone < 0 || !(seconds >= 0)) {
        throw new IllegalArgumentException("no time of a candidate");
      }
    }
  }

  private Journal(Path file, FileChannel channel, JsonNode sweep) {
    this.file = file;
    this.channel = channel;
    this.sweep = sweep;
  }

  private Journal(Path file, FileChannel channel, JournalFile content) {
    this(file, channel, content.sweep());
    content.entries().forEach(this::keep);
    content.alone().forEach(time -> alone.put(time.alone(), time.seconds()));
    ended = content.ended();
  }

  /** Whether the file holds at least the sweep itself. */
  static boolean begun(Path file) throws IOException {
    return Files.exists(file) && JournalFile.wholeLines(file).length > 0;
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
      Journal journal = new Journal(file, channel, sweep);
      journal.append(Map.of(JournalFile.SWEEP, sweep));
      return journal;
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
  }

  /**
   * Goes on with a journal; cuts off a last line that was not written to its end.
   *
   * @throws DescryException if another line is damaged
   */
  static Journal resume(Path file) {
    try {
      JournalFile content = JournalFile.read(file);
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      channel.truncate(content.bytes());
      channel.position(content.bytes());
      return new Journal(file, channel, content);
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
  }

  /**
   * A journal to look at; nothing can be added.
   *
   * @throws DescryException if there is none, or it is damaged
   */
  static Journal read(Path file) {
    try {
      return new Journal(file, null, JournalFile.read(file));
    } catch (IOException e) {
      throw new DataException(
          "%s: %s; expected the journal of a sweep.".formatted(file, IoErrors.of(e)), e);
    }
  }

  /** The sweep as it was begun. */
  JsonNode sweep() {
    return sweep;
  }

  /** What is known of a training up to an epoch; null if it has not ended. */
  synchronized Entry entry(int candidate, int repeat, int until) {
    return entries.get(new Key(candidate, repeat, until));
  }

  /**
   * What was known of a training first, which later candidates may depend on; null if it has not
   * ended.
   */
  synchronized Entry first(int candidate, int repeat, int until) {
    return first.get(new Key(candidate, repeat, until));
  }

  /** All trainings, in the order in which they were first known. */
  synchronized List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** Seconds of earlier runs. */
  synchronized double elapsed() {
    return entries.values().stream().mapToDouble(Entry::elapsed).max().orElse(0);
  }

  /** One more than the largest number of a piece that has been done. */
  synchronized int pieces() {
    return entries.values().stream()
            .mapToInt(entry -> entry.piece == null ? entry.candidate : entry.piece)
            .max()
            .orElse(-1)
        + 1;
  }

  synchronized int trainings() {
    return (int) entries.values().stream().filter(entry -> !entry.unfinished()).count();
  }

  /** Adds a training; it is on the disk when this returns. */
  synchronized void add(Entry entry) {
    append(entry);
    keep(entry);
    ended = null;
  }

  /** Adds the seconds of a candidate that was trained while nothing else was. */
  synchronized void add(int candidate, double seconds) {
    append(new Alone(candidate, seconds));
    alone.put(candidate, seconds);
    ended = null;
  }

  /** Those seconds; null if they are not known. */
  synchronized Double alone(int candidate) {
    return alone.get(candidate);
  }

  /** The sweep has come to the end of its budget. */
  synchronized void end(JsonNode budget) {
    if (!hasEnded(budget)) {
      append(Map.of(JournalFile.ENDED, budget));
      ended = budget;
    }
  }

  /** Whether the sweep has come to the end of this budget. */
  synchronized boolean hasEnded(JsonNode budget) {
    return budget.equals(ended);
  }

  private void append(Object line) {
    ByteBuffer bytes = ByteBuffer.wrap((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
  }

  /** A training that is tried again takes the place of the one whose process ended. */
  private void keep(Entry entry) {
    Key key = new Key(entry);
    first.putIfAbsent(key, entry);
    Entry known = entries.get(key);
    if (known == null || known.unfinished()) {
      entries.put(key, entry);
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // Every line is on the disk already.
    }
  }
}
