package org.descry.kind;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import org.descry.data.convert.DataGuess;
import org.descry.job.schema.Yaml;

/** A job file for some data, with a comment on each choice, as a start for changes. */
public final class JobDraft {
  private JobDraft() {}

  /**
   * The job's text; paths are written as the data's is.
   *
   * @param name of the job
   * @param file that it is to be written to
   */
  public static String of(DataGuess data, String name, Path file) {
    String rest =
        Kinds.ALL.stream()
            .flatMap(kind -> kind.draft().apply(data).stream())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("No kind takes " + data.words()));
    return """
    #   descry train %2$s --fast-dev-run    two batches of everything, to see that it works
    #   descry train %2$s                   the whole training, into runs/%1$s
    #
    # docs/job-reference.md has every key with its default and its range.
    name: %1$s
    seed: 1             # another one gives another, equally good model

    """
            .formatted(name, file)
        + rest;
  }

  /** A path as a job's text has it. */
  public static String quoted(Path path) {
    return Yaml.write(TextNode.valueOf(path.toString())).strip();
  }
}
