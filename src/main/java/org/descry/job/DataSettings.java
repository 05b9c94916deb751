package org.descry.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Where the examples come from, by {@code source}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "source")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ImageDataSettings.BuiltInShapes.class, name = "shapes"),
  @JsonSubTypes.Type(value = ImageDataSettings.Cifar10.class, name = "cifar10"),
  @JsonSubTypes.Type(value = ImageDataSettings.Cifar100.class, name = "cifar100"),
  @JsonSubTypes.Type(value = ImageDataSettings.Folder.class, name = "image-folder"),
  @JsonSubTypes.Type(value = CaptionDataSettings.BuiltInScenes.class, name = "shape-captions"),
  @JsonSubTypes.Type(value = CaptionDataSettings.Files.class, name = "captions"),
  @JsonSubTypes.Type(value = TextDataSettings.class, name = "text"),
  @JsonSubTypes.Type(value = SequenceDataSettings.class, name = "sequences")
})
public sealed interface DataSettings
    permits ImageDataSettings,
        CaptionDataSettings,
        TextDataSettings,
        SequenceDataSettings,
        NetworkJob.Data {

  /**
   * The same data where they lie, and nothing fetched: what a program may do for a job that came
   * inside somebody's model zip.
   */
  default DataSettings asTheyLie() {
    return this;
  }

  /** What becomes of records that cannot be used; data that Descry makes have none. */
  default OnBadRecord onBadRecord() {
    return OnBadRecord.FAIL;
  }

  /** Most of them that may be left out. */
  default int maxBadRecords() {
    return 0;
  }

  /** What becomes of a record that cannot be used. */
  enum OnBadRecord {
    FAIL,
    SKIP;

    /** What a key's description ends with. */
    static final String CONSEQUENCE =
        ": the job fails when all of the data have been read, or a few are left out; the run"
            + " folder's bad-records.jsonl tells of each.";

    /** Of the key that bounds them. */
    static final String MOST = "Such records that may be left out before the job fails.";
  }
}
