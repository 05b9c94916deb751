package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.descry.metrics.EpochMetrics;
import org.descry.testing.SmallJobs;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.descry.train.TrainingStoppedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a training at each of its stages. */
class LiveReportTest {
  @TempDir Path dir;

  private final List<String> seen = new ArrayList<>();
  private final AtomicReference<Training> training = new AtomicReference<>();

  private String report() {
    try {
      return Files.readString(training.get().folder().resolve("report.html"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void train(int stopAfter) {
    training.set(
        Kinds.training(
            SmallJobs.shapes("small", dir, "training={epochs: 2, batchSize: 10}").job(),
            new Training.Options(Training.Start.AUTO, null, false),
            new TrainingProgress() {
              @Override
              public void epoch(EpochMetrics metrics, boolean best) {
                seen.add(report());
                if (metrics.epoch() == stopAfter) {
                  training.get().stop();
                }
              }
            }));
    training.get().run();
  }

  @Test
  void saysWhatTheTrainingDoes() {
    assertThatThrownBy(() -> train(1)).isInstanceOf(TrainingStoppedException.class);
    assertThat(seen.get(0))
        .contains("Running: epoch 1 of 2 is done.", "http-equiv='refresh'", "Best epoch so far");
    assertThat(report())
        .contains("Stopped in epoch 2; --resume goes on")
        .doesNotContain("Running", "http-equiv");
    train(0);
    assertThat(report())
        .doesNotContain("Running", "Stopped", "http-equiv")
        .contains(
            "of 2</td>",
            "best epoch: ",
            "20 images to train on, 10 for validation, 10 for the test",
            "<h2>Reliability</h2>",
            "<td class='text'>SoftmaxLossLayer</td>",
            "<pre id='job' class='scroll'>name: small\n",
            "<th scope='row'>Host</th>",
            "<th scope='row'>Ended</th>");
  }

  @Test
  void theFlightRecorderHearsOfStepsAndEpochs() throws IOException {
    Path file = dir.resolve("training.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      train(0);
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().startsWith("org.descry."))
            .toList();
    assertThat(events)
        .extracting(event -> event.getEventType().getName())
        .containsExactly(
            "org.descry.Step",
            "org.descry.Step",
            "org.descry.Epoch",
            "org.descry.Step",
            "org.descry.Step",
            "org.descry.Epoch");
    assertThat(events.get(2).getDouble("validationLoss")).isPositive();
    assertThat(events.get(3).getInt("epoch")).isEqualTo(2);
  }

  /** Each figure that is no count has four decimals, wherever it stands. */
  @Test
  void figuresAreWrittenInOneWay() {
    train(0);
    assertThat(report())
        .containsPattern("Test accuracy</th><td>\\d\\.\\d{4}</td>")
        .containsPattern("Validation accuracy</th><td>\\d\\.\\d{4}</td>");
  }
}
