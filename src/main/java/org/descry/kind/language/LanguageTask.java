package org.descry.kind.language;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.data.text.TextBatches;
import org.descry.data.text.TextUnit;
import org.descry.generate.TextSampler;
import org.descry.job.Job;
import org.descry.job.LanguageSettings;
import org.descry.job.TextDataSettings;
import org.descry.job.TextDataSettings.Sequences;
import org.descry.kind.NetworkParts;
import org.descry.metrics.Metric;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkMemory;
import org.descry.model.StateCarrier;
import org.descry.report.Html;
import org.descry.report.ReportSection;
import org.descry.train.Batches;
import org.descry.train.Fitter;
import org.descry.train.Networks;
import org.descry.train.Step;
import org.descry.train.Task;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Trains a network to predict each token of a text. Losses are means a token, in nats. */
final class LanguageTask implements Task {
  private static final int SAMPLE_LENGTH = 200;
  private static final double SAMPLE_TEMPERATURE = 0.8;

  private final Job job;
  private final TextDataSettings source;
  private final TextParts data;
  private final LanguageRnn model;
  private final ComputationGraph network;

  private LanguageTask(Job job, TextParts data) {
    this.job = job;
    this.data = data;
    source = (TextDataSettings) job.data();
    model = model(job, data.vocabulary().size());
    requireMemory(job, model, Math.min(job.training().batchSize(), data.train().rows(source)));
    int steps = batches(data.train()).batches();
    network = new ComputationGraph(model.configuration(Networks.solver(job, steps)));
    network.init();
  }

  static LanguageTask load(Job job, Limits limits) {
    // Before the text is read: one of a single token asks for the least.
    requireMemory(job, model(job, 1), 1);
    return new LanguageTask(job, TextParts.read((TextDataSettings) job.data(), limits.examples()));
  }

  private static LanguageRnn model(Job job, int vocabulary) {
    LanguageSettings settings = (LanguageSettings) job.model();
    TextDataSettings data = (TextDataSettings) job.data();
    return new LanguageRnn(
        vocabulary,
        settings.embedding(),
        settings.hidden(),
        settings.layers(),
        NetworkParts.cell(settings.rnn()),
        data.steps(),
        data.sequences() == Sequences.RUNNING,
        settings.tied());
  }

  private static void requireMemory(Job job, LanguageRnn model, long rows) {
    NetworkMemory.require(model.configuration(Networks.solver(job, 1)), rows, model.inputTypes());
  }

  private TextBatches batches(TextParts.Part part) {
    return part.batches(job.training().batchSize(), source.steps(), model.stateWidth(), job.seed());
  }

  @Override
  public ComputationGraph network() {
    return network;
  }

  @Override
  public Map<String, Integer> sizes() {
    return Map.of(
        "train", data.train().tokens(),
        "validation", data.validation().tokens(),
        "test", data.test().tokens());
  }

  @Override
  public String examples() {
    return "tokens";
  }

  @Override
  public Batches batches() {
    return new LanguageBatches(batches(data.train()), new Fitter(job.training()));
  }

  @Override
  public List<Metric> metrics() {
    return LanguageMetrics.of(source);
  }

  @Override
  public Validation validate() {
    double loss = TextEvaluation.of(network, data.validation()).loss();
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
    return Manifest.languageModel(data.vocabulary(), provenance);
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

  /** The training part; its examples are the tokens to be said. */
  private static final class LanguageBatches implements Batches {
    private final TextBatches batches;
    private final Fitter fitter;

    LanguageBatches(TextBatches batches, Fitter fitter) {
      this.batches = batches;
      this.fitter = fitter;
    }

    @Override
    public int count() {
      return batches.batches();
    }

    @Override
    public void start(int epoch) {
      batches.startEpoch(epoch);
    }

    @Override
    public boolean hasNext() {
      return batches.hasNext();
    }

    @Override
    public MultiDataSet next() {
      return batches.next();
    }

    @Override
    public Step fitNext(ComputationGraph network) {
      MultiDataSet batch = batches.next();
      int tokens = batch.getLabelsMaskArray(0).sumNumber().intValue();
      Step step = fitter.fit(network, batch, tokens);
      if (batches.state() != null) {
        new StateCarrier(batches.state()).carry(network);
      }
      return step;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
