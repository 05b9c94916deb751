package org.descry.data.caption;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.OnBadRecord;
import org.descry.data.caption.file.BadRecordException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records that were left out, counted against the limit. */
final class BadRecords {
  private static final Logger LOG = LoggerFactory.getLogger(CaptionLoader.class);

  private final CaptionLimits limits;
  private final List<String> left = new ArrayList<>();

  BadRecords(CaptionLimits limits) {
    this.limits = limits;
  }

  /**
   * Leaves a record out.
   *
   * @throws DescryException if no record may be, or too many are
   */
  void leaveOut(BadRecordException bad) {
    if (limits.onBadRecord() == OnBadRecord.FAIL) {
      throw new DataException(
          bad.getMessage() + " (data.onBadRecord: skip leaves such records out)", bad);
    }
    left.add(bad.getMessage());
    if (left.size() > limits.maxBadRecords()) {
      throw new DataException(
          "More bad records than data.maxBadRecords = %s: %s"
              .formatted(limits.maxBadRecords(), Examples.of(left)),
          bad);
    }
  }

  int count() {
    return left.size();
  }

  /** Tells of all that were left out, in one warning. */
  void warn() {
    if (!left.isEmpty()) {
      LOG.warn(
          "Bad records left out: {} (data.maxBadRecords = {}): {}",
          left.size(),
          limits.maxBadRecords(),
          Examples.of(left));
      left.forEach(record -> LOG.info("Left out: {}", record));
    }
  }

  /** A sentence about them to go behind another, or nothing. */
  String sentence() {
    return left.isEmpty()
        ? ""
        : "; bad records left out: %s: %s".formatted(left.size(), Examples.of(left));
  }

  /** The first few of many, for messages. */
  static final class Examples {
    private static final int SHOWN = 3;

    private Examples() {}

    static String of(List<String> all) {
      return all.stream().limit(SHOWN).collect(Collectors.joining("; "))
          + (all.size() > SHOWN ? "; ..." : "");
    }
  }
}
