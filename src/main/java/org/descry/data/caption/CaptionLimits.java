package org.descry.data.caption;

import org.descry.UsageException;

/**
 * What is asked of captions.
 *
 * @param minCount words that the training captions hold less often are unknown; at least 1
 * @param maxWords longest caption, in words; at least 1
 * @param longCaptions what becomes of a longer one
 * @param maxMissing most images that may be missing before loading fails; at least 0
 * @param words what the words of a caption are
 */
public record CaptionLimits(
    int minCount, int maxWords, LongCaptions longCaptions, int maxMissing, CaptionWords words) {
  /** Of plain words. */
  public CaptionLimits(int minCount, int maxWords, LongCaptions longCaptions, int maxMissing) {
    this(minCount, maxWords, longCaptions, maxMissing, CaptionWords.PLAIN);
  }

  /** What becomes of a caption above the limit. */
  public enum LongCaptions {
    /** Loading fails. */
    FAIL,
    /** Its first words are learnt; as a reference for the metrics it stays whole. */
    TRUNCATE,
    /** It is left out. */
    DROP
  }

  public CaptionLimits {
    require(minCount >= 1, "data.minCount", minCount, 1);
    require(maxWords >= 1, "data.maxWords", maxWords, 1);
    require(maxMissing >= 0, "data.maxMissing", maxMissing, 0);
  }

  /** For captions that no vocabulary is made of. */
  public CaptionLimits ofAnyWords() {
    return new CaptionLimits(1, maxWords, longCaptions, maxMissing, words);
  }

  private static void require(boolean holds, String setting, int value, int least) {
    if (!holds) {
      throw new UsageException(setting + " must be at least " + least + ", got: " + value);
    }
  }
}
