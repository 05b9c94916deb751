package org.descry.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.data.ChannelNormalizer;
import org.descry.data.ImageBatches;
import org.descry.data.ImageSet;
import org.descry.data.ImageSplits;
import org.descry.engine.Engine;
import org.descry.train.job.Job;
import org.descry.train.job.JobFile;
import org.descry.train.job.ModelSettings.LossName;

/**
 * Trains a classifier as a job says and leaves everything about it in the run folder: the resolved
 * {@code job.yaml}, {@code metrics.jsonl}, the best model by validation as {@code model.zip},
 * {@code summary.json} and {@code report.html}.
 *
 * <p>For one thread; {@link #stop} may come from another.
 */
public final class TrainingJob {
  private static final int FAST_BATCHES = 2;
  private static final int MISTAKES_SHOWN = 36;

  private final Job job;
  private final Options options;
  private final TrainingProgress progress;
  private volatile boolean stopped;

  /**
   * @param replace whether an earlier run of the name may be replaced
   * @param fastDevRun whether to do two batches of everything, beside the job's own results
   */
  public record Options(boolean replace, boolean fastDevRun) {}

  /** A job that has been checked already. */
  public TrainingJob(Job job, Options options, TrainingProgress progress) {
    this.job = job;
    this.options = options;
    this.progress = progress;
  }

  /** Where the results go. */
  public Path folder() {
    return Path.of(job.output().dir()).resolve(runName());
  }

  private String runName() {
    return options.fastDevRun ? job.name() + "-fast-dev-run" : job.name();
  }

  /** Asks the training to end after the step that it is in. */
  public void stop() {
    stopped = true;
  }

  /**
   * Reads the data, trains, and evaluates the best model on the test part.
   *
   * @throws DescryException if the data is damaged, the run folder is taken or cannot be written,
   *     or the loss is no longer finite
   * @throws TrainingStoppedException if {@link #stop} was called
   */
  public Summary run() {
    Path dir = Path.of(job.output().dir());
    try (RunFolder folder =
        RunFolder.claim(dir, runName(), options.replace || options.fastDevRun)) {
      ImageSplits data = JobData.load(job.data(), job.seed());
      if (options.fastDevRun) {
        int few = FAST_BATCHES * job.training().batchSize();
        data =
            new ImageSplits(
                sample(data.train(), few),
                sample(data.validation(), few),
                sample(data.test(), few));
      }
      return run(folder, data);
    }
  }

  private Summary run(RunFolder folder, ImageSplits data) {
    ChannelNormalizer normalizer = ChannelNormalizer.fit(data.train());
    ComputationGraph network = network(data.train());
    folder.begin();
    folder.write(RunFolder.JOB, JobFile.resolved(job));
    Map<String, Integer> sizes =
        Map.of(
            "train", data.train().size(),
            "validation", data.validation().size(),
            "test", data.test().size());
    TrainingLoop loop =
        new TrainingLoop(job.training(), job.seed(), options.fastDevRun ? 1 : Integer.MAX_VALUE);
    TrainingLoop.Saver saver =
        metrics -> {
          Manifest manifest = manifest(data.train(), normalizer, sizes, metrics);
          folder.saveModel(out -> new ModelArchive(network, manifest).write(out));
        };
    ImageSet seen = trainSample(data.train());
    TrainingLoop.Result result;
    try (ImageBatches batches = batches(data.train(), normalizer)) {
      progress.started(network.numParams(), data.train().size(), loop.epochs(), batches.batches());
      result =
          loop.run(
              network,
              batches,
              () -> Predictions.of(network, seen, normalizer, batchSize()),
              () -> Predictions.of(network, data.validation(), normalizer, batchSize()),
              new TrainingLoop.Events(folder, saver, progress, () -> stopped));
    }
    if (stopped) {
      throw new TrainingStoppedException(
          "Stopped in epoch %d; %s."
              .formatted(
                  result.epochs().size() + 1,
                  result.best() == null
                      ? "there was no model to keep yet"
                      : "the best model so far is " + folder.model()));
    }
    return report(folder, data.test(), result);
  }

  private Summary report(RunFolder folder, ImageSet test, TrainingLoop.Result result) {
    ModelArchive best = ModelArchive.read(folder.model());
    Predictions predictions =
        Predictions.of(best.network(), test, best.manifest().normalizer(), batchSize());
    ClassificationReport scores = ClassificationReport.of(predictions, test.labelNames());
    EpochMetrics chosen = result.best();
    Engine.Choice engine = Engine.start();
    Summary summary =
        new Summary(
            job.name(),
            scores.accuracy(),
            scores.loss(),
            chosen.epoch(),
            chosen.validationAccuracy(),
            chosen.validationLoss(),
            result.epochs().size(),
            options.fastDevRun ? "fastDevRun" : result.outOfTime() ? "maxTime" : "epochs",
            best.network().numParams(),
            result.seconds(),
            Versions.all(),
            job.seed(),
            engine.binary(),
            engine.threads());
    folder.write("summary.json", Json.pretty(summary) + "\n");
    List<ReportPage.Mistake> mistakes =
        predictions.mistakes(MISTAKES_SHOWN).stream()
            .map(i -> ReportPage.Mistake.of(test, predictions, i))
            .toList();
    folder.write("report.html", new ReportPage(summary, result.epochs(), scores, mistakes).html());
    return summary;
  }

  private ComputationGraph network(ImageSet train) {
    int steps = (train.size() + batchSize() - 1) / batchSize();
    try {
      var configuration =
          Networks.classifier(job.model(), train).configuration(Networks.solver(job, steps));
      ComputationGraph network = new ComputationGraph(configuration);
      network.init();
      return network;
    } catch (IllegalArgumentException e) {
      throw new DescryException(
          "The model does not fit pictures of %d x %d: %s."
              .formatted(train.height(), train.width(), e.getMessage()),
          e);
    }
  }

  private ImageBatches batches(ImageSet train, ChannelNormalizer normalizer) {
    return ImageBatches.of(train, normalizer, batchSize())
        .shuffle(job.seed())
        .augment(JobData.augmentation(job.data()), job.seed())
        .build();
  }

  private Manifest manifest(
      ImageSet train, ChannelNormalizer normalizer, Map<String, Integer> sizes, EpochMetrics best) {
    return new Manifest(
        Manifest.FORMAT,
        "classifier",
        job.model().loss() == LossName.SOFTMAX ? "probability" : "score",
        train.labelNames(),
        new Manifest.ImageShape(train.channels(), train.height(), train.width()),
        normalizer,
        new Manifest.Provenance(JobFile.tree(job), sizes, best, Versions.all()));
  }

  private int batchSize() {
    return job.training().batchSize();
  }

  /** A twentieth of the training part, 200 to 1000: its evaluation takes 1% of an epoch's time. */
  private ImageSet trainSample(ImageSet train) {
    return sample(train, Math.max(200, Math.min(1000, train.size() / 20)));
  }

  /** At most {@code count} pictures, each class in proportion. */
  private ImageSet sample(ImageSet images, int count) {
    return count < images.size() ? images.split(count, job.seed()).heldOut() : images;
  }
}
