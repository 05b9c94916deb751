package org.descry.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.descry.data.Intake.BadRecord;
import org.descry.io.IoErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been decoded, such as images, for several processes that train on the same data: one of
 * them {@link #gathering gathers} it and writes it into a file, which the others {@link #in map},
 * so that it is decoded once and in memory once.
 */
public final class SharedData {
  private static final Logger LOG = LoggerFactory.getLogger(SharedData.class);

  private final Path file;
  private final boolean gathers;
  private Content gathered;

  private SharedData(Path file, boolean gathers) {
    this.file = file;
    this.gathers = gathers;
  }

  /**
   * Rows, and what else is known of them.
   *
   * @param about for JSON
   * @param parts of rows, all of one length
   * @param leftOut what could not be used
   */
  public record Decoded<M>(M about, List<Rows> parts, List<BadRecord> leftOut) {
    public Decoded {
      parts = List.copyOf(parts);
      leftOut = List.copyOf(leftOut);
    }

    public Decoded(M about, List<Rows> parts) {
      this(about, parts, List.of());
    }
  }

  /**
   * What may be written for others.
   *
   * @param key what it depends on
   */
  public record Content(String key, Decoded<?> data) {
    /** Of all rows. */
    public long bytes() {
      return data.parts.stream().mapToLong(rows -> (long) rows.size() * rows.length()).sum();
    }

    /**
     * Writes it, where there is room for it twice: what is trained needs some of it too.
     *
     * @param file a new one, which is gone again if that fails
     */
    public void write(Path file) throws IOException {
      long room = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
      if (room < 2 * bytes()) {
        throw new IOException("no room: expected %s bytes, got %s".formatted(2 * bytes(), room));
      }
      SharedFile.write(file, this);
    }
  }

  /** Nothing is shared. */
  public static SharedData none() {
    return new SharedData(null, false);
  }

  /** Of a process that maps what lies in a file, if it is what it needs. */
  public static SharedData in(Path file) {
    return new SharedData(file, false);
  }

  /** Of the process that writes. */
  public static SharedData gathering() {
    return new SharedData(null, true);
  }

  /** What was decoded last, once. */
  public synchronized Optional<Content> take() {
    Optional<Content> taken = Optional.ofNullable(gathered);
    gathered = null;
    return taken;
  }

  /** As {@link Intake#decoded}. */
  <M> Decoded<M> get(Class<M> type, String key, Intake intake, Supplier<Decoded<M>> reading) {
    Optional<Decoded<M>> mapped = file == null ? Optional.empty() : mapped(type, key);
    if (mapped.isPresent()) {
      intake.leaveOut(mapped.get().leftOut);
      return mapped.get();
    }
    int before = intake.leftOut().size();
    Decoded<M> read = reading.get();
    if (gathers) {
      List<BadRecord> all = intake.leftOut();
      List<BadRecord> leftOut = new ArrayList<>(all.subList(before, all.size()));
      keep(new Content(key, new Decoded<>(read.about, read.parts, leftOut)));
    }
    return read;
  }

  private synchronized void keep(Content content) {
    gathered = content;
  }

  private <M> Optional<Decoded<M>> mapped(Class<M> type, String key) {
    try {
      return SharedFile.read(file, key, type);
    } catch (IOException e) {
      LOG.warn("The data in {} are not used, but read anew: {}", file, IoErrors.of(e));
      return Optional.empty();
    }
  }
}
