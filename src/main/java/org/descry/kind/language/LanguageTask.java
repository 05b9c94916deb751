package org.descry.kind.language;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.archive.ModelKind;
import org.descry.data.EpochBatches;
import org.descry.data.Intake;
import org.descry.data.text.TextUnit;
import org.descry.generate.TextSampler;
import org.descry.job.CellName;
import org.descry.job.Job;
import org.descry.job.LanguageSettings;
import org.descry.job.TextDataSettings;
import org.descry.job.TextDataSettings.Sequences;
import org.descry.kernel.RnnCell;
import org.descry.kind.JobTask;
import org.descry.kind.NetworkParts;
import org.descry.metrics.Metric;
import org.descry.model.CarriedState;
import org.descry.model.LanguageRnn;
import org.descry.report.Html;
import org.descry.report.ReportSection;
import org.descry.train.Networks;
import org.descry.train.Task;
import org.descry.train.step.Batches;

/** Trains a network to predict each token of a text. Losses are means a token, in nats. */
final class LanguageTask extends JobTask<LanguageRnn> {
  private static final int SAMPLE_LENGTH = 200;
  private static final double SAMPLE_TEMPERATURE = 0.8;

  private final TextDataSettings source;
  private final TextParts data;

  private LanguageTask(Job job, TextParts data) {
    super(job);
    this.data = data;
    source = (TextDataSettings) job.data();
    make(model(job, data.vocabulary().size()), data.train().rows(source));
  }

  static LanguageTask load(Job job, Limits limits, Intake intake) {
    // Before the text is read: one of a single token asks for the least.
    Networks.requireMemory(job, model(job, 1), 1);
    TextDataSettings source = (TextDataSettings) job.data();
    return new LanguageTask(
        job,
        intake.kept(
            TextParts.class,
            Task.dataKey(job, limits),
            () -> TextParts.read(source, limits.examples(), intake)));
  }

  private static LanguageRnn model(Job job, int vocabulary) {
    LanguageSettings settings = (LanguageSettings) job.model();
    TextDataSettings data = (TextDataSettings) job.data();
    return new LanguageRnn(
        vocabulary,
        settings.embedding(),
        settings.hidden(),
        settings.layers(),
        settings.cell() == CellName.LINEAR ? RnnCell.LINEAR : NetworkParts.cell(settings.rnn()),
        data.steps(),
        data.sequences() == Sequences.RUNNING,
        settings.tied(),
        NetworkParts.uniform(settings.init()),
        data.bptt());
  }

  @Override
  protected EpochBatches trainBatches() {
    return data.train().batches(batchSize(), source, job.seed());
  }

  @Override
  public Data data() {
    return new Data(
        "tokens",
        data.train().tokens(),
        data.validation().tokens(),
        data.test().tokens(),
        fingerprint -> {
          fingerprint.add(data.vocabulary().tokens());
          List.of(data.train(), data.validation(), data.test())
              .forEach(part -> part.addTo(fingerprint));
        });
  }

  @Override
  public Batches batches() {
    return new Batches(
        trainBatches(),
        job.training(),
        batch -> batch.getLabelsMaskArray(0).sumNumber().intValue(),
        model().carriesState() ? new CarriedState(model().stateWidth()) : null);
  }

  @Override
  public List<Metric> metrics() {
    return LanguageMetrics.of(source);
  }

  @Override
  public Validation validate() {
    double loss = TextEvaluation.of(network(), data.validation()).loss();
    Map<String, Double> scores = new TreeMap<>();
    LanguageEvaluation results = results(loss);
    scores.put(LanguageMetrics.VALIDATION_PERPLEXITY.name(), results.perplexity());
    if (results.bitsPerCharacter() != null) {
      scores.put(LanguageMetrics.VALIDATION_BITS.name(), results.bitsPerCharacter());
    }
    return new Validation(loss, scores);
  }

  private LanguageEvaluation results(double loss) {
    return LanguageEvaluation.of(loss, data.vocabulary().unit() == TextUnit.CHARACTER);
  }

  @Override
  public Manifest manifest(Manifest.Provenance provenance) {
    return ModelKind.languageModel(data.vocabulary(), provenance);
  }

  @Override
  public Test test(ComputationGraph best) {
    int[] prompt = {data.test().lines()[0][0]};
    int[] sample =
        TextSampler.of(best, data.vocabulary())
            .sample(prompt, SAMPLE_LENGTH, SAMPLE_TEMPERATURE, job.seed());
    String html =
        String.format(
            Locale.ROOT,
            "<p>Drawn after \u201c%s\u201d, from %,d tokens:</p>\n"
                + "<pre style='white-space: pre-wrap'>%s</pre>",
            Html.escape(data.vocabulary().decode(prompt)),
            data.vocabulary().size(),
            Html.escape(data.vocabulary().decode(sample)));
    return new Test(
        results(TextEvaluation.of(best, data.test()).loss()),
        List.of(new ReportSection("Sample", html)));
  }
}
