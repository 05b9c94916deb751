package org.descry.kind.classifier;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelKind;
import org.descry.data.EpochBatches;
import org.descry.data.Intake;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageBatches;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.job.ClassifierSettings;
import org.descry.job.ImageDataSettings;
import org.descry.job.Job;
import org.descry.kind.JobTask;
import org.descry.metrics.Metric;
import org.descry.model.Classifier;
import org.descry.replay.RecordedOutput;
import org.descry.train.Task;
import org.descry.train.step.Batches;
import org.descry.train.step.Fitter;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trains a network to tell classes of images apart. */
final class ClassifierTask extends JobTask<Classifier> {
  private static final int MISTAKES_SHOWN = 36;
  private static final int PREPARED_WITH = 2000;

  private final ClassifierSettings settings;
  private final ImageDataSettings source;
  private final ImageSplits data;
  private final ImageSplits read;
  private final ChannelNormalizer normalizer;
  private final RecordedOutput asked;
  private final ImageSet seen;

  private ClassifierTask(Job job, ImageSplits data, ImageSplits read) {
    super(job);
    this.settings = (ClassifierSettings) job.model();
    this.source = (ImageDataSettings) job.data();
    this.data = data;
    this.read = read;
    normalizer = ChannelNormalizer.fit(data.train());
    makeNetwork();
    asked = RecordedOutput.of(network());
    // Its evaluation takes 1% of an epoch's time.
    seen = sample(data.train(), Math.max(200, Math.min(1000, data.train().size() / 20)), job);
  }

  static ClassifierTask load(Job job, Limits limits, Intake intake) {
    ClassifierNetwork.requireMemory(job);
    int atMost = limits.examples();
    ImageDataSettings source = (ImageDataSettings) job.data();
    ImageSource.Loaded loaded =
        intake.kept(
            ImageSource.Loaded.class,
            Task.dataKey(job, limits, "augment"),
            () -> ImageSource.load(source, job.seed(), intake));
    ImageSplits data = loaded.parts();
    return new ClassifierTask(
        job,
        new ImageSplits(
            sample(data.train(), atMost, job),
            sample(data.validation(), atMost, job),
            sample(data.test(), atMost, job)),
        loaded.read());
  }

  /** At most {@code count} images, each class in proportion. */
  private static ImageSet sample(ImageSet images, int count, Job job) {
    return count < images.size() ? images.split(count, job.seed()).heldOut() : images;
  }

  private void makeNetwork() {
    try {
      Classifier classifier = ClassifierNetwork.of(settings, data.train());
      if (classifier.needsSeveral()) {
        requireSeveral();
      }
      make(classifier, data.train().size());
      classifier.prepare(network(), () -> some(data.train(), normalizer));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "The model does not fit images of %s x %s: %s."
              .formatted(data.train().height(), data.train().width(), e.getMessage()),
          e);
    }
  }

  /** Enough images for statistics of their patches. */
  private static INDArray some(ImageSet images, ChannelNormalizer normalizer) {
    return normalizer.apply(
        images.height(),
        images.width(),
        IntStream.range(0, Math.min(PREPARED_WITH, images.size()))
            .mapToObj(images::pixels)
            .toList());
  }

  private void requireSeveral() {
    int size = Math.min(batchSize(), data.train().size());
    if (size < 2) {
      throw new UsageException(
          ("training.batchSize is %s and there are %s training images, but expected batches of at"
                  + " least 2 with model.batchNorm over hidden layers or maps of 1 x 1: one value a"
                  + " channel has no variance.")
              .formatted(batchSize(), data.train().size()));
    }
  }

  @Override
  public Data data() {
    return new Data(
        "images", data.train().size(), data.validation().size(), data.test().size(), read::addTo);
  }

  @Override
  public Batches batches() {
    return new Batches(trainBatches(), job.training(), batch -> (int) batch.getLabels(0).size(0));
  }

  @Override
  protected EpochBatches trainBatches() {
    ImageBatches builder =
        ImageBatches.of(data.train(), normalizer, batchSize())
            .shuffle(job.seed())
            .augment(ImageSource.augmentation(source), job.seed())
            .smoothLabels(job.training().labelSmoothing())
            .weigh(classWeights())
            .only(Fitter.own(job.training()));
    if (job.training().balanceClasses()) {
      builder.balance(job.seed());
    }
    return (model().needsSeveral() ? builder.dropSingle() : builder).build();
  }

  /** By label; null without weights. */
  private float[] classWeights() {
    Map<String, Double> asked = job.training().classWeights();
    if (asked.isEmpty()) {
      return null;
    }
    List<String> names = data.train().labelNames();
    asked.keySet().stream()
        .filter(name -> !names.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new UsageException(
                  "training.classWeights.%s: expected the name of a class, one of %s."
                      .formatted(name, String.join(", ", names)));
            });
    float[] weights = new float[names.size()];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = asked.getOrDefault(names.get(k), 1.0).floatValue();
    }
    return weights;
  }

  @Override
  public List<Metric> metrics() {
    return ClassifierMetrics.ALL;
  }

  @Override
  public Validation validate() {
    Predictions held = Predictions.of(asked, data.validation(), normalizer, batchSize());
    Predictions learnt = Predictions.of(asked, seen, normalizer, batchSize());
    return new Validation(
        held.loss(),
        Map.of(
            ClassifierMetrics.TRAIN_ACCURACY.name(),
            learnt.accuracy(),
            ClassifierMetrics.VALIDATION_ACCURACY.name(),
            held.accuracy()));
  }

  /** What the network's answers are. */
  private String output() {
    return switch (settings.loss()) {
      case SOFTMAX -> "probability";
      case SVM -> "score";
    };
  }

  @Override
  public Manifest manifest(Manifest.Provenance provenance) {
    ImageSet train = data.train();
    return ModelKind.classifier(
        output(),
        train.labelNames(),
        new Manifest.ImageShape(train.channels(), train.height(), train.width()),
        normalizer,
        provenance);
  }

  @Override
  public Test test(ComputationGraph best) {
    ImageSet test = data.test();
    Predictions predictions =
        Predictions.of(RecordedOutput.of(best), test, normalizer, batchSize());
    ClassifierEvaluation scores = ClassifierEvaluation.of(predictions, test.labelNames());
    List<ClassifierSections.Mistake> mistakes =
        predictions.mistakes(MISTAKES_SHOWN).stream()
            .map(i -> ClassifierSections.Mistake.of(test, predictions, i))
            .toList();
    Reliability reliability = output().equals("probability") ? Reliability.of(predictions) : null;
    return new Test(scores, new ClassifierSections(scores, mistakes, reliability).sections());
  }
}
