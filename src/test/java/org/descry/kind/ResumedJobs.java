package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.descry.io.Json;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;
import org.descry.train.Summary;
import org.descry.train.Training;
import org.descry.train.Training.Start;
import org.descry.train.TrainingProgress;
import org.descry.train.TrainingStoppedException;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.Checkpoints;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Small jobs of every kind, with all that has a state, and what they have to leave. */
final class ResumedJobs {
  private static final String IMAGES =
      """
      model: {type: convnet, stages: [{filters: 3}], batchNorm: true, dropout: 0.3}
      data: {source: shapes, train: 45, validation: 10, test: 10, augment: {mirror: true, shift: 2}}
      training:
        epochs: 4
        batchSize: 10
        split: 3
        weightAverage: 0.9
        watch: true
        optimizer: {type: adam, schedule: {type: plateau, factor: 0.5, patience: 1}}
      """;
  private static final String CAPTIONS =
      """
      model: {type: captioning-rnn, stages: [{filters: 3}], embedding: 4, hidden: 6}
      data: {source: shape-captions, train: 40, validation: 10, test: 10}
      training:
        epochs: 3
        batchSize: 15
        lookahead: {every: 2, share: 0.3, growth: 1}
        optimizer: {type: nesterov, schedule: {type: cosine}}
      """;
  private static final String RUNNING =
      """
      model: {type: language-rnn, hidden: 6, rnn: lstm}
      data: {source: text, path: TEXT, sequences: running, steps: 5}
      training: {epochs: 4, batchSize: 10, watch: true, optimizer: {type: rmsprop, schedule: {type: halving}}}
      """;

  private static final String SEQUENCES =
      """
      model: {type: sequence-rnn, embedding: 3, hidden: 5, layers: 2, rnn: lstm, bidirectional: true}
      data: {source: sequences, path: LABELLED}
      training: {epochs: 3, batchSize: 7, labelSmoothing: 0.1, optimizer: {type: adam}}
      """;

  static final List<String> ALL = List.of(IMAGES, CAPTIONS, RUNNING, SEQUENCES);

  private ResumedJobs() {}

  /** A job whose runs lie in a folder of its own. */
  static JobFile job(String kind, Path dir, String runs) throws IOException {
    Path text = dir.resolve("text.txt");
    Files.writeString(text, "the cat sat on the mat\nand saw a rat\n".repeat(20));
    Path labelled = dir.resolve("labelled.txt");
    Files.writeString(labelled, "cat\tthe cat sat\nrat\ta rat on mats\ncat\tmeow\n".repeat(12));
    String yaml = kind.replace("TEXT", text.toString()).replace("LABELLED", labelled.toString());
    return JobFile.parse("job", "name: n\n" + yaml).set("output.dir=" + dir.resolve(runs));
  }

  /** Stops a training after so many steps, counted over all epochs, or never. */
  static final class Stopper implements TrainingProgress {
    private final List<String> notes = new ArrayList<>();
    private final int steps;
    private int done;
    Training training;

    Stopper(int steps) {
      this.steps = steps;
    }

    List<String> notes() {
      return notes;
    }

    @Override
    public void note(String sentence) {
      notes.add(sentence);
    }

    @Override
    public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
      done++;
      if (done == steps) {
        training.stop();
      }
    }
  }

  static Training training(JobFile job, Start start, Stopper stopper) {
    System.gc(); // what earlier trainings had off the heap is given back with its arrays
    stopper.training = Kinds.training(job.job(), new Training.Options(start, null, false), stopper);
    return stopper.training;
  }

  static Summary run(JobFile job, Start start) {
    return training(job, start, new Stopper(0)).run();
  }

  static void runFor(int steps, JobFile job, Start start) {
    assertThatThrownBy(() -> training(job, start, new Stopper(steps)).run())
        .isInstanceOf(TrainingStoppedException.class)
        .hasMessageContaining("--resume goes on");
  }

  /** Everything but times. */
  static void assertEqual(Path run, Path expected) throws IOException {
    assertThat(metrics(run)).isEqualTo(metrics(expected));
    Checkpoint last = last(run);
    Checkpoint lastExpected = last(expected);
    assertThat(last.arrays().keySet()).isEqualTo(lastExpected.arrays().keySet());
    for (String name : last.arrays().keySet()) {
      assertThat(bits(last.arrays().get(name)))
          .as(name)
          .isEqualTo(bits(lastExpected.arrays().get(name)));
    }
    assertThat(last.state().rate()).isEqualTo(lastExpected.state().rate());
    assertThat(last.state().best().withoutTimes())
        .isEqualTo(lastExpected.state().best().withoutTimes());
    assertThat(network(run)).isEqualTo(network(expected));
  }

  private static String bits(INDArray array) {
    return Arrays.toString(array.reshape(array.length()).toDoubleVector());
  }

  /** The model's entries by their checksums, but for what names the run's folder. */
  private static Map<String, Long> network(Path run) throws IOException {
    try (ZipFile zip = new ZipFile(run.resolve(Training.MODEL).toFile())) {
      return zip.stream()
          .filter(entry -> !entry.getName().matches("descry/(manifest|sha256)\\.json"))
          .collect(Collectors.toMap(ZipEntry::getName, ZipEntry::getCrc));
    }
  }

  private static Checkpoint last(Path run) throws IOException {
    return Checkpoints.newest(run, state -> true, damaged -> {}).orElseThrow();
  }

  private static List<EpochMetrics> metrics(Path run) throws IOException {
    try (Stream<String> lines = Files.lines(run.resolve("metrics.jsonl"))) {
      return lines.map(ResumedJobs::parse).toList();
    }
  }

  private static EpochMetrics parse(String line) {
    try {
      return Json.MAPPER.readValue(line, EpochMetrics.class).withoutTimes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
