package org.descry.data;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.descry.DataException;
import org.descry.data.SharedData.Decoded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands beside the readers of a job's data: knows what is being read, and gathers the records that
 * cannot be used, all of them in one pass. For any number of threads.
 */
public final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final int SHOWN = 3;

  private final OnBadRecord policy;
  private final int most;
  private final KeptData kept;
  private volatile KeptData.Read read;
  private final List<BadRecord> bad = new ArrayList<>();
  private final Map<Thread, Opened> open = new ConcurrentHashMap<>();
  private volatile long progress = System.nanoTime();
  private final Patience waiting = new Patience(System::nanoTime);
  private long known;
  private long since;
  private volatile boolean cancelled;
  private volatile Readers readers = Readers.ALONE;

  private record Opened(String source, long since) {}

  /**
   * What cannot be used.
   *
   * @param position in the file, such as {@code line 3}; null for all of it
   */
  public record BadRecord(String file, String position, String reason) {}

  /** Reads something of a source. */
  @FunctionalInterface
  public interface Reading<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * @param most records that may be left out if the policy is to skip them
   */
  public Intake(OnBadRecord policy, int most) {
    this(policy, most, new KeptData());
  }

  /**
   * @param kept what others may have read before
   */
  public Intake(OnBadRecord policy, int most, KeptData kept) {
    this.policy = policy;
    this.most = most;
    this.kept = kept;
  }

  /** For readers outside of jobs: a bad record is a failure. */
  public static Intake strict() {
    return new Intake(OnBadRecord.FAIL, 0);
  }

  /** Shares the work with other processes that need the same data. */
  public Intake among(Readers others) {
    readers = others;
    return this;
  }

  /** Who share the work. */
  public Readers readers() {
    return readers;
  }

  /**
   * Reads, and says so to whoever looks after it meanwhile.
   *
   * @param source what is read, for messages: a file or a folder
   * @throws CancellationException if nobody wants the data any more
   */
  public <T, E extends Exception> T reading(Object source, Reading<T, E> reading) throws E {
    if (cancelled) {
      // No DescryException, which readers take for something wrong with a record.
      throw new CancellationException("Reading the data was broken off at " + source + ".");
    }
    Thread thread = Thread.currentThread();
    progress = System.nanoTime();
    Opened outer = open.put(thread, new Opened(source.toString(), progress));
    try {
      return reading.run();
    } finally {
      progress = System.nanoTime();
      if (outer == null) {
        open.remove(thread);
      } else {
        open.put(thread, outer);
      }
    }
  }

  /**
   * Data that are read, or have been read before.
   *
   * @param key what they depend on
   * @param reading reads all data of a job into what nobody changes
   */
  public <T> T kept(Class<T> type, Object key, Supplier<T> reading) {
    read = kept.get(List.of(type, key), this, reading);
    return read.as(type);
  }

  /**
   * What is decoded, or has been decoded by another process.
   *
   * @param type of what is known of it
   * @param key what it depends on, in the same words in every process
   * @param reading decodes it
   */
  public <M> Decoded<M> decoded(Class<M> type, String key, Supplier<Decoded<M>> reading) {
    return kept.shared().get(type, key, this, reading);
  }

  /** The fingerprint of those data, reckoned once for all who have them. */
  public String fingerprint(Supplier<String> reckoning) {
    return read == null ? reckoning.get() : read.fingerprint(reckoning);
  }

  /** What has been read for longer than so, while nothing else came to an end. */
  public Optional<String> stuck(Duration longest) {
    long waited = waiting.waited();
    if (progress != known) {
      known = progress;
      since = waited;
    }
    return waited - since < longest.toNanos()
        ? Optional.empty()
        : open.values().stream().max(Comparator.comparingLong(Opened::since)).map(Opened::source);
  }

  /** Nobody wants the data any more: readers end at their next file. */
  public void cancel() {
    cancelled = true;
  }

  /** Leaves a record out; {@link #settle} says whether that will do. */
  public void leaveOut(BadRecordException record) {
    leaveOut(List.of(record.record()));
  }

  /** Leaves out what somebody has found. */
  public void leaveOut(List<BadRecord> records) {
    synchronized (bad) {
      bad.addAll(records);
    }
  }

  /** All records that were left out so far. */
  public List<BadRecord> leftOut() {
    synchronized (bad) {
      return List.copyOf(bad);
    }
  }

  /**
   * To be called when all of the data have been read.
   *
   * @throws DataException if there are bad records and none may be, or more than may be
   */
  public void settle() {
    List<BadRecord> all = leftOut();
    if (all.isEmpty()) {
      return;
    }
    if (policy == OnBadRecord.FAIL) {
      throw new DataException(
          (all.size() == 1 ? "" : all.size() + " bad records: ") + shown(all) + hint());
    }
    if (all.size() > most) {
      throw new DataException(
          "More bad records than data.maxBadRecords = %s: %s, such as %s"
              .formatted(most, all.size(), shown(all)));
    }
    LOG.warn(
        "Bad records left out: {} (data.maxBadRecords = {}): {}", all.size(), most, shown(all));
    all.forEach(record -> LOG.info("Left out: {}", record.reason));
  }

  private String hint() {
    return most > 0 ? " (data.onBadRecord: skip leaves such records out)" : "";
  }

  /** A sentence about them to go behind another, or nothing. */
  public String sentence() {
    List<BadRecord> all = leftOut();
    return all.isEmpty() ? "" : "; bad records left out: %s: %s".formatted(all.size(), shown(all));
  }

  /**
   * What came of an item.
   *
   * @param made null of one that cannot be used
   * @param bad why it cannot be used, else null
   */
  public record Outcome<R>(R made, BadRecord bad) {}

  /**
   * Makes something of each item, several at a time, in their order.
   *
   * @param use throws a {@link BadRecordException} for those that cannot be used
   */
  public static <T, R> List<Outcome<R>> each(List<T> items, Function<T, R> use) {
    return items.parallelStream().map(item -> attempt(item, use)).toList();
  }

  private static <T, R> Outcome<R> attempt(T item, Function<T, R> use) {
    try {
      return new Outcome<>(use.apply(item), null);
    } catch (BadRecordException e) {
      return new Outcome<>(null, e.record());
    }
  }

  private static String shown(List<BadRecord> all) {
    return examples(all.stream().map(BadRecord::reason).toList());
  }

  /** The first few of many, for messages. */
  public static String examples(List<String> all) {
    return all.stream().limit(SHOWN).collect(Collectors.joining("; "))
        + (all.size() > SHOWN ? "; ..." : "");
  }
}
