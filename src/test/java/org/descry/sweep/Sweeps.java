package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.descry.DescryException;
import org.descry.job.JobFile;

/** Sweep files for tests, around the smallest job that there is. */
final class Sweeps {
  private static final String JOB =
      """
      name: words
      seed: 3
      model: {type: language-rnn, embedding: 0, hidden: 4}
      data:
        source: text
        path: %s
        unit: word
        sequences: lines
        steps: 4
        validation: 0
        test: 0
      training: {epochs: 2, batchSize: 1, optimizer: {type: sgd, learningRate: 0.1}}
      output: {dir: %s}
      """
          .formatted(Path.of("resources/data/two-sentences.txt").toAbsolutePath(), "/nowhere/runs");

  private static final String SEARCH =
      """
      search:
        training.optimizer.learningRate: {logUniform: [1.0e-3, 1]}
        model.hidden: {int: [4, 12], step: 2}
      """;

  private Sweeps() {}

  /** One sentence about the file refuses it. */
  static void assertMistake(ThrowingCallable plan, String message) {
    assertThatThrownBy(plan)
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("sweep.yaml: ")
        .hasMessageContaining(message);
  }

  /** A file with the usual search. */
  static String yaml(String more) {
    return JOB + SEARCH + more;
  }

  /** A file with a search of its own. */
  static String job(String more) {
    return JOB + more;
  }

  static SweepPlan plan(String yaml, String... assignments) {
    JobFile file = JobFile.parse("sweep.yaml", yaml).set(List.of(assignments));
    return SweepFile.plan("sweep.yaml", file);
  }

  static SweepPlan in(Path dir, String more, String... assignments) {
    List<String> all = new ArrayList<>(List.of("output.dir=" + dir));
    all.addAll(List.of(assignments));
    return plan(yaml(more), all.toArray(String[]::new));
  }
}
