package org.descry.kind.sequence;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.Intake;
import org.descry.engine.Replicas;
import org.descry.io.Excerpt;
import org.descry.job.Job;
import org.descry.job.SequenceDataSettings;
import org.descry.kind.ClassScores;
import org.descry.kind.TrainedModel;
import org.descry.model.SharedParameters;
import org.descry.replay.RecordedOutput;
import org.descry.train.Task;

/** A sequence classifier from a model zip, at work on sequences. For any number of threads. */
public final class TrainedSequenceClassifier extends TrainedModel {
  private final SequenceParts.Known known;
  private final Replicas<RecordedOutput> networks;

  TrainedSequenceClassifier(Path file, ModelArchive archive) {
    super(file, archive);
    Manifest manifest = archive.manifest();
    known =
        new SequenceParts.Known(
            manifest.labels(),
            manifest.text(),
            manifest.features() == null ? 1 : manifest.features());
    networks = new Replicas<>(() -> RecordedOutput.of(SharedParameters.replica(archive.network())));
  }

  /**
   * @throws DescryException if the zip is damaged, or holds no sequence classifier
   */
  public static TrainedSequenceClassifier load(Path file) {
    return new TrainedSequenceClassifier(
        file, ModelArchive.read(file, ModelKind.SEQUENCE_CLASSIFIER));
  }

  /** One possible answer: a class and its probability. */
  public record Answer(String label, float value) {}

  /**
   * The best answers to each text, best first.
   *
   * @param top how many answers a text; no more than there are classes
   * @throws DescryException if the model reads numbers, or a text is empty, too long, or made of
   *     other tokens than the model knows
   */
  public List<List<Answer>> classify(List<String> texts, int top) {
    return answers(texts.stream().map(this::text).toArray(float[][]::new), top);
  }

  /**
   * The best answers to a sequence of numbers, best first.
   *
   * @param steps T x D
   * @throws DescryException if the model reads texts, or steps of another width
   */
  public List<Answer> classify(float[][] steps, int top) {
    return answers(new float[][] {numbers(steps)}, top).get(0);
  }

  /**
   * As {@link #classify(List, int)}, of what people name: texts, or of a model of numbers CSV files
   * with a step a line.
   *
   * @throws DescryException as {@link #classify(List, int)} and {@link #classify(float[][], int)}
   */
  public List<List<Answer>> classifyGiven(List<String> given, int top) {
    if (known.vocabulary() != null) {
      return classify(given, top);
    }
    SequenceReader reader = new SequenceReader(settings(), "", Intake.strict());
    List<SequenceReader.Sequence> read =
        given.stream().map(file -> reader.numbers("", Path.of(file))).toList();
    read.forEach(
        sequence -> requireLength(sequence.where(), sequence.numbers().length / sequence.width()));
    return answers(read.stream().map(known::steps).toArray(float[][]::new), top);
  }

  /** As {@link #classifyGiven}. */
  @Override
  public List<List<Map<String, Object>>> predict(List<String> given, int top) {
    return classifyGiven(given, top).stream()
        .map(answers -> answers.stream().map(this::told).toList())
        .toList();
  }

  private Map<String, Object> told(Answer answer) {
    return ClassScores.told(answer.label, manifest().output(), answer.value);
  }

  @Override
  public void close() {
    networks.close();
  }

  private List<List<Answer>> answers(float[][] steps, int top) {
    float[][] rows = networks.call(network -> outputs(network, steps));
    return Arrays.stream(rows).map(row -> best(row, top)).toList();
  }

  /** The network's answers, a row a sequence. */
  float[][] outputs(RecordedOutput network, float[][] steps) {
    return SequenceAnswers.of(
            network, batches(new SequenceSet(steps, known.width(), new int[steps.length])))
        .outputs();
  }

  private SequenceBatches batches(SequenceSet set) {
    return new SequenceBatches(set, known.labels().size(), 0, known.vocabulary() != null);
  }

  /** A text as the network reads it. */
  float[] text(String text) {
    if (known.vocabulary() == null) {
      throw new UsageException(
          "%s takes sequences of %s numbers a step; expected no text."
              .formatted(file(), known.width()));
    }
    String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    String what = "\"" + Excerpt.of(shown) + "\"";
    int[] tokens = known.vocabulary().encode(text.strip(), what);
    requireLength(what, tokens.length);
    return SequenceParts.Known.floats(tokens);
  }

  private float[] numbers(float[][] rows) {
    requireLength("The sequence", rows.length);
    float[] steps = new float[rows.length * known.width()];
    for (int t = 0; t < rows.length; t++) {
      if (known.vocabulary() != null || rows[t].length != known.width()) {
        throw new UsageException(
            "%s takes %s; expected those, got a step of %s numbers."
                .formatted(
                    file(),
                    known.vocabulary() != null
                        ? "texts"
                        : "steps of %s numbers".formatted(known.width()),
                    rows[t].length));
      }
      System.arraycopy(rows[t], 0, steps, t * known.width(), known.width());
    }
    return steps;
  }

  /**
   * Of a sequence that somebody asks about.
   *
   * @param what it is, for a sentence
   */
  void requireLength(String what, int steps) {
    int most = manifest().steps();
    if (steps < 1 || steps > most) {
      throw new DataException(
          "%s has %s steps; expected 1 to %s, as data.maxSteps of the job that trained the model."
              .formatted(what, steps, most));
    }
  }

  private List<Answer> best(float[] row, int top) {
    return ClassScores.ranked(row, top).stream()
        .map(k -> new Answer(known.labels().get(k), row[k]))
        .toList();
  }

  @Override
  public SequenceService service() {
    return new SequenceService(this, network());
  }

  @Override
  public SequenceEvaluation evaluate() {
    Job job = job();
    SequenceDataSettings data = (SequenceDataSettings) job.data();
    return score(SequenceParts.test(data, known, job.seed(), Task.intake(data)));
  }

  /**
   * Measures the model on other sequences, all of them, read as the training read its own.
   *
   * @param data a file or folder as {@code data.path} of a job
   * @throws DescryException if it cannot be read, or holds labels or tokens that the model does not
   *     know
   */
  @Override
  public SequenceEvaluation evaluate(Path data) {
    return score(
        known.set(new SequenceReader(settings(), data.toString(), Intake.strict()).read(data)));
  }

  private SequenceDataSettings settings() {
    return (SequenceDataSettings) job().data();
  }

  private SequenceEvaluation score(SequenceSet set) {
    SequenceAnswers answers = networks.call(network -> SequenceAnswers.of(network, batches(set)));
    return SequenceEvaluation.of(answers, set, known.labels());
  }
}
