package org.descry.testing;

import java.nio.file.Path;
import java.util.List;
import org.descry.job.JobFile;

/** Jobs that take no time to speak of. */
public final class SmallJobs {
  private SmallJobs() {}

  /**
   * Twenty built-in images in one step.
   *
   * @param output where the run folder lies
   * @param settings what is otherwise, as {@code key=value}
   */
  public static JobFile shapes(String name, Path output, String... settings) {
    return JobFile.parse(
            "job",
            """
            model: {type: three-layer-convnet, filters: 2, filterSize: 3, hidden: 4}
            data: {source: shapes, train: 20, validation: 10, test: 10}
            training: {epochs: 1, batchSize: 20}
            """)
        .set("name=" + name)
        .set("output.dir=" + output)
        .set(List.of(settings));
  }

  /**
   * A captioner that looks, over eighty built-in scenes.
   *
   * @param output where the run folder lies
   * @param settings what is otherwise, as {@code key=value}
   */
  public static JobFile looking(String name, Path output, String... settings) {
    return JobFile.parse(
            "job",
            """
            model:
              type: captioning-rnn
              stages: [{filters: 4}, {filters: 8}]
              embedding: 8
              hidden: 16
              attention: soft
              attentionWidth: 6
            data: {source: shape-captions, train: 60, validation: 10, test: 10}
            training: {epochs: 2, batchSize: 20}
            """)
        .set("name=" + name)
        .set("output.dir=" + output)
        .set(List.of(settings));
  }
}
