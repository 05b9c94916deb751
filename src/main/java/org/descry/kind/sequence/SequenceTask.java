package org.descry.kind.sequence;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.archive.ModelKind;
import org.descry.data.Buckets;
import org.descry.data.EpochBatches;
import org.descry.data.Intake;
import org.descry.job.Job;
import org.descry.job.SequenceDataSettings;
import org.descry.job.SequenceSettings;
import org.descry.kind.JobTask;
import org.descry.kind.NetworkParts;
import org.descry.metrics.Metric;
import org.descry.model.SequenceRnn;
import org.descry.replay.RecordedOutput;
import org.descry.report.ReportSection;
import org.descry.train.Networks;
import org.descry.train.Task;
import org.descry.train.step.Batches;

/** Trains a network to tell classes of sequences apart. */
final class SequenceTask extends JobTask<SequenceRnn> {
  private final SequenceSettings settings;
  private final SequenceDataSettings source;
  private final SequenceParts data;
  private final RecordedOutput asked;

  private SequenceTask(Job job, SequenceParts data) {
    super(job);
    this.data = data;
    settings = (SequenceSettings) job.model();
    source = (SequenceDataSettings) job.data();
    make(model(settings, data.known(), data.train().longest()), data.train().size());
    asked = RecordedOutput.of(network());
  }

  static SequenceTask load(Job job, Limits limits, Intake intake) {
    SequenceSettings settings = (SequenceSettings) job.model();
    // Before the data are read: steps of one number ask for the least.
    var least = new SequenceParts.Known(List.of("a", "b"), null, 1);
    Networks.requireMemory(job, model(settings, least, 1), 1);
    boolean classes = settings.hasClasses();
    SequenceDataSettings source = (SequenceDataSettings) job.data();
    SequenceParts parts =
        intake.kept(
            SequenceParts.class,
            List.of(Task.dataKey(job, limits, "bucketing"), classes),
            () -> SequenceParts.read(source, classes, job.seed(), limits.examples(), intake));
    return new SequenceTask(job, parts);
  }

  private static SequenceRnn model(
      SequenceSettings settings, SequenceParts.Known known, int steps) {
    SequenceRnn.Input input =
        known.vocabulary() == null
            ? new SequenceRnn.Input(0, known.width())
            : new SequenceRnn.Input(known.vocabulary().size(), settings.embedding());
    return new SequenceRnn(
        input,
        new SequenceRnn.Recurrent(
            NetworkParts.cell(settings.rnn()),
            settings.hidden(),
            settings.layers(),
            settings.bidirectional(),
            settings.readout() == SequenceSettings.Readout.LAST,
            NetworkParts.uniform(settings.init()),
            settings.biases() == 2),
        settings.hasClasses() ? known.labels().size() : 0,
        steps);
  }

  private SequenceBatches batches(SequenceSet set, double smoothing) {
    return new SequenceBatches(
        set, data.known().labels().size(), smoothing, data.known().vocabulary() != null);
  }

  @Override
  protected EpochBatches trainBatches() {
    int[] lengths = data.train().lengths();
    Buckets buckets =
        source.bucketing()
            ? Buckets.of(lengths, batchSize(), job.seed())
            : Buckets.single(lengths, batchSize(), job.seed());
    return batches(data.train(), job.training().labelSmoothing()).epochs(buckets);
  }

  @Override
  public Data data() {
    return new Data(
        "sequences",
        data.train().size(),
        data.validation().size(),
        data.test().size(),
        fingerprint -> {
          fingerprint.add(data.known().labels());
          if (data.known().vocabulary() != null) {
            fingerprint.add(data.known().vocabulary().tokens());
          }
          List.of(data.train(), data.validation(), data.test())
              .forEach(part -> part.addTo(fingerprint));
        });
  }

  @Override
  public Batches batches() {
    return new Batches(trainBatches(), job.training(), batch -> (int) batch.getLabels(0).size(0));
  }

  @Override
  public List<Metric> metrics() {
    return SequenceMetrics.of(settings);
  }

  @Override
  public Validation validate() {
    SequenceAnswers answers = SequenceAnswers.of(asked, batches(data.validation(), 0));
    return new Validation(
        answers.loss(),
        settings.hasClasses()
            ? Map.of(
                SequenceMetrics.VALIDATION_ACCURACY.name(),
                answers.accuracy(data.validation().labels()))
            : Map.of());
  }

  @Override
  public Manifest manifest(Manifest.Provenance provenance) {
    return ModelKind.sequenceClassifier(
        settings.hasClasses() ? "probability" : "score",
        data.known().labels(),
        data.known().vocabulary(),
        data.known().vocabulary() == null ? data.known().width() : null,
        source.maxSteps(),
        provenance);
  }

  @Override
  public Test test(ComputationGraph best) {
    SequenceAnswers answers = SequenceAnswers.of(RecordedOutput.of(best), batches(data.test(), 0));
    SequenceEvaluation evaluation =
        SequenceEvaluation.of(answers, data.test(), data.known().labels());
    List<ReportSection> sections =
        evaluation.scores() == null ? List.of() : evaluation.scores().sections("Sequences");
    return new Test(evaluation, sections);
  }
}
