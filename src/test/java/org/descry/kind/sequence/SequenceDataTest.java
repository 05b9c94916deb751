package org.descry.kind.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.export.Export;
import org.descry.export.Format;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
import org.descry.train.Summary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sequences from files: what is read, and what is said of what cannot be. */
class SequenceDataTest {
  @TempDir Path dir;

  private Summary train(JobFile file, String... settings) {
    return SequenceJobTest.train(dir, file, settings);
  }

  private Path model(String name) {
    return dir.resolve(name).resolve("model.zip");
  }

  /** Sequences that rise or fall, with noise, in two columns. */
  private Path numbers() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    Path folder = dir.resolve("csv");
    for (String label : List.of("falling", "rising")) {
      Files.createDirectories(folder.resolve(label));
      for (int i = 0; i < 30; i++) {
        StringBuilder csv = new StringBuilder("level,noise\n");
        int steps = 4 + random.nextInt(9);
        for (int t = 0; t < steps; t++) {
          double level = (label.equals("rising") ? 1 : -1) * (t - steps / 2.0) / steps;
          csv.append(level + 0.05 * random.nextDouble()).append(',').append(random.nextDouble());
          csv.append('\n');
        }
        Files.writeString(folder.resolve(label).resolve("s%02d.csv".formatted(i)), csv);
      }
    }
    return folder;
  }

  private JobFile numbersJob(Path folder) {
    return JobFile.parse(
            "job",
            """
            name: numbers
            model: {type: sequence-rnn, hidden: 12, rnn: lstm}
            data: {source: sequences, path: x, skipLines: 1, test: 0.2}
            training: {epochs: 12, batchSize: 8, optimizer: {type: adam, learningRate: 0.02}}
            """)
        .set("data.path=" + folder);
  }

  @Test
  void numbersAreReadFromCsvFiles() throws IOException {
    Path folder = numbers();
    Summary summary = train(numbersJob(folder));
    assertThat(((SequenceEvaluation) summary.evaluation()).accuracy()).isGreaterThan(0.9);
    TrainedSequenceClassifier model = TrainedSequenceClassifier.load(model("numbers"));
    assertThat(model.evaluate()).isEqualTo(summary.evaluation());
    assertThat(model.evaluate(folder).examples()).isEqualTo(60);
    assertThat(
            model
                .classifyGiven(List.of(folder.resolve("rising/s03.csv").toString()), 1)
                .get(0)
                .get(0)
                .label())
        .isEqualTo("rising");
    float[][] falling = {{0.5f, 0.1f}, {0.2f, 0.1f}, {-0.1f, 0.4f}, {-0.4f, 0.3f}};
    assertThat(model.classify(falling, 1).get(0).label()).isEqualTo("falling");
    assertThatThrownBy(() -> model.classify(new float[][] {{1}}, 1))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("takes steps of 2 numbers; expected those, got a step of 1 numbers");
    assertThatThrownBy(() -> model.classify(List.of("abc"), 1))
        .hasMessageContaining("takes sequences of 2 numbers a step; expected no text");
    for (Format format : Format.values()) {
      new Export(model("numbers"), format, dir.resolve("numbers." + format), false).run();
    }
  }

  @Test
  void badNumbersAreNamed() throws IOException {
    Path folder = numbers();
    Path file = folder.resolve("rising/s00.csv");
    Files.writeString(file, "level,noise\n1,2\n1,x\n");
    assertThatThrownBy(() -> train(numbersJob(folder)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file + ", line 3: has \"x\"; expected a finite number");
    Files.writeString(file, "level,noise\n1,2\n1\n");
    assertThatThrownBy(() -> train(numbersJob(folder)))
        .hasMessageContaining(file + ", line 3: has 1 numbers; expected 2 as in the first step");
    Files.writeString(file, "level,noise\n");
    assertThatThrownBy(() -> train(numbersJob(folder))).hasMessageContaining("has no steps");
    Files.writeString(file, "level,noise\n1,2,3\n");
    assertThatThrownBy(() -> train(numbersJob(folder)))
        .hasMessageContaining("has steps of 3 numbers; expected steps of 2 numbers as in");
    Files.writeString(folder.resolve("rising/s01.csv"), "level,noise\n1,x\n");
    assertThatThrownBy(() -> train(numbersJob(folder)))
        .hasMessageContaining("has steps of 3 numbers; expected steps of 2 numbers as in")
        .hasMessageContaining("s01.csv, line 2: has \"x\"");
    Files.writeString(folder.resolve("rising/s01.csv"), "level,noise\n1,2\n");
    Files.writeString(file, "level,noise\n" + "1,2\n".repeat(101));
    assertThatThrownBy(() -> train(numbersJob(folder)))
        .hasMessageContaining(
            file + ": has a sequence of 101 steps; expected at most data.maxSteps = 100.");
    train(numbersJob(folder), "data.onBadRecord=skip", "training.epochs=1");
    assertThat(Files.readString(dir.resolve("numbers/bad-records.jsonl"))).contains("101 steps");
  }

  @Test
  void aLabelWithoutSequencesIsNamed() throws IOException {
    Path folder = numbers();
    Path file = folder.resolve("rising/s00.csv");
    Files.move(file, file.resolveSibling("s00.CSV"));
    Files.createDirectory(folder.resolve(".hidden"));
    train(numbersJob(folder), "training.epochs=1");
    assertThat(TrainedSequenceClassifier.load(model("numbers")).evaluate(folder).examples())
        .isEqualTo(60);
    Path empty = Files.createDirectory(folder.resolve("steady"));
    assertThatThrownBy(() -> train(numbersJob(folder)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            empty + ": has no file that ends in .csv; expected a sequence at least of each label.");
  }

  private JobFile textJob(String lines) throws IOException {
    Path file = Files.writeString(dir.resolve("lines.txt"), lines);
    return JobFile.parse(
            "job",
            """
            name: texts
            model: {type: sequence-rnn, embedding: 0, hidden: 8}
            data: {source: sequences, path: x, unit: word, maxSteps: 6}
            training: {epochs: 1, batchSize: 8}
            """)
        .set("data.path=" + file);
  }

  private static final String LINES = "good\ta fine day\nbad\train and wind all day\n".repeat(20);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "good fine day\\n|line 41: has no label and tab; expected LABEL<tab>TEXT",
        "' \\tfine day\\n'|line 41: has no label and tab; expected LABEL<tab>TEXT",
        "good\\t \\n|line 41: has no text; expected at least one token",
        "bad\\ta b c d e f g\\n"
            + "|line 41: has a sequence of 7 steps; expected at most data.maxSteps = 6",
      })
  void badLinesAreNamed(String line, String reason) throws IOException {
    JobFile job = textJob(LINES + line.replace("\\n", "\n").replace("\\t", "\t"));
    assertThatThrownBy(() -> train(job))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aLabelOrWordThatWasNeverSeenIsNamed() throws IOException {
    train(textJob(LINES));
    TrainedModel model = Kinds.open(model("texts"));
    Path other = Files.writeString(dir.resolve("other.txt"), "good\ta day\nugly\ta day\n");
    assertThatThrownBy(() -> model.evaluate(other))
        .isInstanceOf(DataException.class)
        .hasMessage(
            other
                + ", line 2: the label \"ugly\" was never seen in training; expected one of the 2"
                + " labels: bad; good.");
    Files.writeString(other, "good\ta sunny day\n");
    assertThatThrownBy(() -> model.evaluate(other))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("\"sunny\" is not among the 7 tokens of the vocabulary");
    Files.writeString(other, "good\ta day\nbad\train and wind\n");
    assertThat(((SequenceEvaluation) model.evaluate(other)).examples()).isEqualTo(2);
    assertThatThrownBy(
            () ->
                TrainedSequenceClassifier.load(model("texts"))
                    .classify(List.of("day day day day day day day"), 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(" has 7 steps; expected 1 to 6, as data.maxSteps of the job");
    assertThatThrownBy(() -> train(textJob("good\ta fine day\n".repeat(40))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has one label alone: good; expected at least two");
    assertThatThrownBy(() -> train(textJob(LINES), "data.path=builtin:nothing"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("expected builtin:names or builtin:normal");
  }

  @Test
  void aFolderHasAFileForEachLabel() throws IOException {
    Path folder = Files.createDirectories(dir.resolve("labels"));
    Files.writeString(folder.resolve("good.txt"), "a fine day\na day\n".repeat(10));
    Files.writeString(folder.resolve("bad.txt"), "rain all day\nwind\n".repeat(10));
    train(textJob(LINES), "data.path=" + folder);
    assertThat(Kinds.open(model("texts")).manifest().labels()).containsExactly("bad", "good");
  }
}
