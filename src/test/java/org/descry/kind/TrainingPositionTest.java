package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.train.Task;
import org.descry.train.step.Batches;
import org.descry.train.step.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A training that goes on from a position does the steps of one that was never interrupted. */
class TrainingPositionTest {
  private static final String IMAGES =
      """
      model: {type: convnet, stages: [{filters: 3}]}
      data: {source: shapes, train: 45, validation: 10, test: 10, augment: {mirror: true, shift: 2}}
      """;
  private static final String CAPTIONS =
      """
      model: {type: captioning-rnn, stages: [{filters: 3}], embedding: 4, hidden: 6}
      data: {source: shape-captions, train: 40, validation: 10, test: 10}
      """;
  private static final String RUNNING =
      """
      model: {type: language-rnn, hidden: 6, rnn: lstm}
      data: {source: text, path: TEXT, sequences: running, steps: 5}
      """;
  private static final String LINES =
      """
      model: {type: language-rnn, hidden: 6}
      data: {source: text, path: TEXT, sequences: lines, steps: 5}
      """;

  @TempDir Path dir;

  private Job job(String kind) throws Exception {
    Path text = dir.resolve("text.txt");
    Files.writeString(text, "the cat sat on the mat\nand saw a rat\n".repeat(20));
    String training = "training: {epochs: 2, batchSize: 10, optimizer: {type: sgd}}\n";
    return JobFile.parse("job", "name: n\n" + kind.replace("TEXT", text.toString()) + training)
        .job();
  }

  private static List<Step> steps(Batches batches, ComputationGraph network, int atMost) {
    List<Step> steps = new ArrayList<>();
    while (batches.hasNext() && steps.size() < atMost) {
      steps.add(batches.fitNext(network));
    }
    return steps;
  }

  @ParameterizedTest
  @ValueSource(strings = {IMAGES, CAPTIONS, RUNNING, LINES})
  void goesOnAsIfUninterrupted(String kind) throws Exception {
    Task task = Kinds.load(job(kind), Task.Limits.NONE);
    try (Batches batches = task.batches()) {
      batches.start(Batches.Position.startOf(0));
      steps(batches, task.network(), Integer.MAX_VALUE);
      batches.start(Batches.Position.startOf(1));
      steps(batches, task.network(), 2);
      Batches.Position position = batches.position();
      assertThat(position.epoch()).isOne();
      assertThat(position.step()).isEqualTo(2);
      INDArray params = task.network().params().dup();
      List<Step> expected = steps(batches, task.network(), Integer.MAX_VALUE);
      assertThat(expected).isNotEmpty();

      Task other = Kinds.load(job(kind), Task.Limits.NONE);
      other.network().setParams(params);
      try (Batches resumed = other.batches()) {
        resumed.start(position);
        assertThat(steps(resumed, other.network(), Integer.MAX_VALUE)).isEqualTo(expected);
      }
      assertThat(other.network().params()).isEqualTo(task.network().params());
    }
  }

  @Test
  void theStateOfARunningTextBelongsToThePosition() throws Exception {
    Task task = Kinds.load(job(RUNNING), Task.Limits.NONE);
    try (Batches batches = task.batches()) {
      batches.start(Batches.Position.startOf(0));
      assertThat(batches.position().carried()).isNull();
      batches.fitNext(task.network());
      INDArray carried = batches.position().carried();
      assertThat(carried.amaxNumber().doubleValue()).isPositive();
      INDArray copy = carried.dup();
      batches.fitNext(task.network());
      assertThat(carried).isEqualTo(copy);
      assertThatThrownBy(() -> batches.start(new Batches.Position(0, 1, null)))
          .hasMessageContaining("state that step 1 of epoch 0 leaves");
      assertThatThrownBy(() -> batches.start(new Batches.Position(0, 1, carried.dup().transpose())))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
