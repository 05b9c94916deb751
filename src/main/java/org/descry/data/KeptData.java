package org.descry.data;

import java.lang.ref.SoftReference;
import java.util.List;
import java.util.function.Supplier;
import org.descry.data.Intake.BadRecord;

/**
 * The data that were read last, for whoever asks for the same again, as the trainings of a sweep
 * do. They are given up before others are read, and when memory runs short. Nobody looks whether
 * the files have changed meanwhile: candidates are to be trained on the same data.
 */
public final class KeptData {
  private final SharedData shared;
  private SoftReference<Read> last = new SoftReference<>(null);

  public KeptData() {
    this(SharedData.none());
  }

  /**
   * @param shared what other processes may have decoded, or wait for
   */
  public KeptData(SharedData shared) {
    this.shared = shared;
  }

  /** What was read once. */
  static final class Read {
    private final Object key;
    private final Object data;
    private final List<BadRecord> leftOut;
    private String fingerprint;

    private Read(Object key, Object data, List<BadRecord> leftOut) {
      this.key = key;
      this.data = data;
      this.leftOut = leftOut;
    }

    <T> T as(Class<T> type) {
      return type.cast(data);
    }

    /** As {@link Intake#fingerprint}. */
    synchronized String fingerprint(Supplier<String> reckoning) {
      fingerprint = fingerprint == null ? reckoning.get() : fingerprint;
      return fingerprint;
    }
  }

  /** As {@link Intake#kept}. Reads without a lock: whoever hangs keeps nobody waiting. */
  Read get(Object key, Intake intake, Supplier<?> reading) {
    Read known = known(key);
    if (known != null) {
      intake.leaveOut(known.leftOut);
      return known;
    }
    Read read = new Read(key, reading.get(), intake.leftOut());
    keep(read);
    return read;
  }

  SharedData shared() {
    return shared;
  }

  /** What is kept under a key; anything else is let go, and null returned. */
  private synchronized Read known(Object key) {
    Read known = last.get();
    if (known == null || !key.equals(known.key)) {
      last.clear();
      return null;
    }
    return known;
  }

  private synchronized void keep(Read read) {
    last = new SoftReference<>(read);
  }
}
