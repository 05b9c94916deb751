package org.descry.kind.captioner;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelKind;
import org.descry.data.EpochBatches;
import org.descry.data.Intake;
import org.descry.data.caption.CaptionBatches;
import org.descry.data.caption.CaptionData;
import org.descry.data.caption.CaptionSet;
import org.descry.data.caption.PixelInputs;
import org.descry.data.caption.Presentation;
import org.descry.data.caption.Vocabulary;
import org.descry.data.image.ChannelNormalizer;
import org.descry.generate.Captioner;
import org.descry.job.AttentionName;
import org.descry.job.CaptionDataSettings;
import org.descry.job.CaptionerSettings;
import org.descry.job.Job;
import org.descry.job.schema.FilePath;
import org.descry.kind.JobTask;
import org.descry.kind.NetworkParts;
import org.descry.metrics.CaptionMetrics;
import org.descry.metrics.Metric;
import org.descry.model.CaptioningRnn;
import org.descry.train.Networks;
import org.descry.train.Task;
import org.descry.train.step.Batches;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Trains a network to say what is on images. */
final class CaptionerTask extends JobTask<CaptioningRnn> {
  /** Images that are captioned after each epoch, and whose mean stands for an unseen image. */
  private static final int SAMPLE = 1000;

  private final CaptionSource source;
  private final int steps;
  private final CaptionScorer validation;
  private final Map<String, String> weights;

  private CaptionerTask(Job job, CaptionSource source, PretrainedStages pretrained) {
    super(job);
    this.source = source;
    CaptionData data = source.data();
    steps =
        Math.max(
                data.train().longest(),
                Math.max(data.validation().longest(), data.test().longest()))
            - 1;
    makeNetwork(data.train());
    int stages = settings().stages().size();
    if (pretrained != null) {
      pretrained.copyTo(network(), stages);
    }
    weights =
        pretrained == null ? Map.of() : Map.of("model.initFrom", pretrained.fingerprint(stages));
    if (settings().unfreezeAt() > 0) {
      network().addListeners(new LateStages(network(), stages, settings().unfreezeAt()));
    }
    validation = new CaptionScorer(data.validation().first(SAMPLE));
  }

  static CaptionerTask load(Job job, Limits limits, Intake intake) {
    FilePath initFrom = ((CaptionerSettings) job.model()).initFrom();
    requireMemory(job);
    // Read first: a wrong file is found out before the images are decoded.
    PretrainedStages pretrained = initFrom == null ? null : PretrainedStages.read(initFrom.find());
    CaptionSource source =
        intake
            .kept(
                CaptionSource.class,
                Task.dataKey(job, limits, "bucketing"),
                () -> CaptionSource.load((CaptionDataSettings) job.data(), job.seed(), intake))
            .atMost(limits.examples());
    if (pretrained != null) {
      source = normalized(source, pretrained.normalizer());
    }
    return new CaptionerTask(job, source, pretrained);
  }

  /** Finds out before the data are read whether the network can be too large only. */
  private static void requireMemory(Job job) {
    CaptionerSettings settings = (CaptionerSettings) job.model();
    long[] shape = CaptionSource.smallest((CaptionDataSettings) job.data());
    try {
      CaptioningRnn smallest =
          captioner(
              settings,
              settings.stages().isEmpty() ? new long[] {1} : shape,
              Vocabulary.UNKNOWN + 1,
              1);
      Networks.requireMemory(job, smallest, 1);
    } catch (IllegalArgumentException e) {
      // It does not fit the images, which is said when they are there.
    }
  }

  /** Stages that were trained elsewhere see what they saw there. */
  private static CaptionSource normalized(CaptionSource source, ChannelNormalizer normalizer) {
    Function<CaptionSet, CaptionSet> apply = set -> set.normalized(normalizer);
    CaptionData data = source.data();
    return new CaptionSource(
        new CaptionData(
            apply.apply(data.train()),
            apply.apply(data.validation()),
            apply.apply(data.test()),
            data.missing(),
            data.badRecords()),
        source.testScenes());
  }

  private void makeNetwork(CaptionSet train) {
    try {
      CaptioningRnn model =
          captioner(settings(), train.inputs().shape(), train.vocabulary().size(), steps);
      if (model.images() != null && model.images().needsSeveral()) {
        throw new IllegalArgumentException(
            "expected maps larger than 1 x 1 in every stage with model.batchNorm, for an image"
                + " alone in the last batch of an epoch");
      }
      make(model, train.size());
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "The model does not fit the images: %s.".formatted(e.getMessage()), e);
    }
  }

  /**
   * The captioner that the job describes.
   *
   * @param shape of what it sees: {@code [C, H, W]} or {@code [D]}
   * @param vocabulary number of words
   * @param steps longest caption, in words and {@code <END>}
   */
  private static CaptioningRnn captioner(
      CaptionerSettings model, long[] shape, int vocabulary, int steps) {
    boolean features = shape.length == 1;
    return new CaptioningRnn(
        features ? (int) shape[0] : 0,
        features
            ? null
            : new CaptioningRnn.Images(
                (int) shape[0],
                (int) shape[1],
                (int) shape[2],
                NetworkParts.stages(model.stages()),
                model.batchNorm(),
                model.freeze()),
        vocabulary,
        model.embedding(),
        model.hidden(),
        model.layers(),
        NetworkParts.cell(model.rnn()),
        steps,
        new CaptioningRnn.Extras(
            model.attention() == AttentionName.NONE
                ? null
                : new CaptioningRnn.Attention(model.attentionWidth(), model.attentionPenalty()),
            model.embeddingDropout(),
            model.outputDropout(),
            model.tied(),
            model.blind()));
  }

  @Override
  public Data data() {
    CaptionData data = source.data();
    return new Data(
        "captions",
        data.train().size(),
        data.validation().size(),
        data.test().size(),
        fingerprint ->
            List.of(data.train(), data.validation(), data.test())
                .forEach(part -> part.addTo(fingerprint)),
        weights);
  }

  @Override
  public Batches batches() {
    if (settings().unfreezeAt() > 0 && job.training().averageEvery() > 1) {
      throw new UsageException(
          "training.averageEvery is %s, but expected 1 with model.unfreezeAt, which one network keeps to."
              .formatted(job.training().averageEvery()));
    }
    if (settings().scheduledSampling() == 0) {
      return new Batches(trainBatches(), job.training(), CaptionerTask::captions);
    }
    var own = new OwnWords(settings().scheduledSampling(), job.training().epochs(), job.seed());
    return new Batches(trainBatches(), job.training(), CaptionerTask::captions, own::in);
  }

  @Override
  protected EpochBatches trainBatches() {
    CaptionSet train = source.data().train();
    return ((CaptionDataSettings) job.data()).bucketing()
        ? CaptionBatches.bucketed(train, batchSize(), job.seed(), presentation())
        : CaptionBatches.together(train, batchSize(), steps, job.seed(), presentation());
  }

  /** Whether the places' weights are summed over the words of a caption, which has an end. */
  private boolean looks() {
    return settings().attention() != AttentionName.NONE && settings().attentionPenalty() > 0;
  }

  private Presentation presentation() {
    return job.data() instanceof CaptionDataSettings.Files files
        ? new Presentation(looks(), files.mirror(), files.shift(), job.seed())
        : new Presentation(looks(), false, 0, job.seed());
  }

  private CaptionerSettings settings() {
    return (CaptionerSettings) job.model();
  }

  /** Rows without a caption are masked from the first word on. */
  private static int captions(MultiDataSet batch) {
    return batch.getLabelsMaskArray(0).getColumn(0).sumNumber().intValue();
  }

  @Override
  public List<Metric> metrics() {
    return CaptionerMetrics.ALL;
  }

  @Override
  public Validation validate() {
    CaptionScorer.Loss loss = validation.loss(network());
    CaptionMetrics metrics = validation.greedy(captioner(network()), job.decoding().maxLength());
    return new Validation(
        loss.perCaption(),
        Map.of(
            CaptionerMetrics.VALIDATION_PERPLEXITY.name(), loss.perplexity(),
            CaptionerMetrics.VALIDATION_BLEU4.name(), metrics.bleu4(),
            CaptionerMetrics.VALIDATION_CIDER.name(), metrics.cider()));
  }

  private Captioner captioner(ComputationGraph trained) {
    return new Captioner(trained, source.data().vocabulary());
  }

  @Override
  public Manifest manifest(Manifest.Provenance provenance) {
    CaptionSet train = source.data().train();
    long[] shape = train.inputs().shape();
    if (train.inputs() instanceof PixelInputs images) {
      var image = new Manifest.ImageShape((int) shape[0], (int) shape[1], (int) shape[2]);
      return ModelKind.captioner(
          image, null, images.normalizer(), train.vocabulary().words(), steps, provenance);
    }
    return ModelKind.captioner(
        null, (int) shape[0], null, train.vocabulary().words(), steps, provenance);
  }

  @Override
  public Test test(ComputationGraph best) {
    CaptionScorer test = new CaptionScorer(source.data().test());
    Captioner captioner = captioner(best);
    List<List<String>> sentences =
        captioner.describe(test.captions().inputs(), CaptionScorer.decoding(job.decoding()));
    CaptionerEvaluation report =
        test.report(
            best,
            captioner,
            sentences,
            job.decoding(),
            source.data().train().first(SAMPLE).inputs(),
            source.testScenes());
    return new Test(report, new CaptionerSections(report, test, sentences, captioner).sections());
  }
}
