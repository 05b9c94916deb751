package org.descry.kind.classifier;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.image.ImageFolder;
import org.descry.data.image.ImageLoader;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.cifar.CifarFolder;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.engine.Deadline;
import org.descry.engine.Replicas;
import org.descry.engine.Rows;
import org.descry.engine.dnn.Team;
import org.descry.job.ImageDataSettings;
import org.descry.job.Job;
import org.descry.kind.ClassScores;
import org.descry.kind.ImageAnswers;
import org.descry.kind.InputImage;
import org.descry.kind.TrainedModel;
import org.descry.model.InferenceNetwork;
import org.descry.model.SharedParameters;
import org.descry.replay.RecordedOutput;
import org.descry.train.Task;

/** A classifier from a model zip, at work on images. For any number of threads. */
public final class TrainedClassifier extends TrainedModel implements ImageClassifier {
  private static final int BATCH_SIZE = 100;

  private final ComputationGraph answering;
  private final Replicas<RecordedOutput> networks;
  private final boolean views;
  private final Path csv;
  private final Duration limit;

  TrainedClassifier(Path file, ModelArchive archive) {
    super(file, archive);
    answering = InferenceNetwork.of(archive.network());
    networks = new Replicas<>(() -> RecordedOutput.ofConstant(SharedParameters.replica(answering)));
    views = false;
    csv = null;
    limit = null;
  }

  /** The same, asked or evaluated otherwise. */
  private TrainedClassifier(TrainedClassifier same, boolean views, Path csv, Duration limit) {
    super(same.file(), same.archive());
    answering = same.answering;
    networks = same.networks;
    this.views = views;
    this.csv = csv;
    this.limit = limit;
  }

  /**
   * @throws DescryException if the zip is damaged, or holds no classifier
   */
  public static TrainedClassifier load(Path file) {
    return new TrainedClassifier(file, ModelArchive.read(file, ModelKind.CLASSIFIER));
  }

  /** One possible answer: a class and its probability, or its score for an SVM. */
  public record Answer(String label, float value) {
    /**
     * As JSON has it.
     *
     * @param output what the values are: {@code probability} or {@code score}
     */
    public Map<String, Object> told(String output) {
      return ClassScores.told(label, output, value);
    }
  }

  /**
   * The best answers to each image, best first.
   *
   * @param images files of any size, of the formats that {@link ImageLoader} reads
   * @param top how many answers an image; no more than there are classes
   * @throws DescryException if a file is missing or no image
   */
  public List<List<Answer>> classify(List<Path> images, int top) {
    return classifyAll(images.stream().map(InputImage::of).toList(), top);
  }

  @Override
  public List<List<Map<String, Object>>> predict(List<String> given, int top) {
    return classify(given.stream().map(Path::of).toList(), top).stream().map(this::told).toList();
  }

  private List<Map<String, Object>> told(List<Answer> answers) {
    return answers.stream().map(answer -> answer.told(manifest().output())).toList();
  }

  @Override
  public List<List<Answer>> classifyAll(List<InputImage> images, int top) {
    Deadline deadline = Deadline.in(limit);
    ImageLoader loader = manifest().images(file());
    List<byte[]> pixels = images.stream().map(image -> image.load(loader).pixels()).toList();
    List<List<Answer>> answers = new ArrayList<>();
    for (int from = 0; from < pixels.size(); from += BATCH_SIZE) {
      List<byte[]> batch = pixels.subList(from, Math.min(pixels.size(), from + BATCH_SIZE));
      for (float[] row : networks.call(network -> outputs(network, batch), deadline)) {
        answers.add(best(row, top));
      }
    }
    return answers;
  }

  /**
   * As {@link #classify}.
   *
   * @param settings with {@code top}, how many answers an image
   */
  @Override
  protected ImageAnswers imageAnswers(Map<String, Object> settings) {
    return new Classes(
        this,
        manifest().images(file()),
        settings,
        new Replicas<>(() -> RecordedOutput.ofConstant(SharedParameters.replica(answering))));
  }

  private record Classes(
      TrainedClassifier model,
      ImageLoader loader,
      Map<String, Object> settings,
      Replicas<RecordedOutput> networks)
      implements ImageAnswers {
    @Override
    public List<Map<String, Object>> of(List<byte[]> pixels) {
      int top = ((Number) settings.get("top")).intValue();
      return networks.call(n -> Team.alone(() -> model.outputs(n, pixels))).stream()
          .map(row -> model.told(model.best(row, top)))
          .map(predictions -> Map.<String, Object>of("predictions", predictions))
          .toList();
    }
  }

  @Override
  public List<String> labels() {
    return manifest().labels();
  }

  @Override
  public TrainedClassifier within(Duration newLimit) {
    return new TrainedClassifier(this, views, csv, newLimit);
  }

  @Override
  public void close() {
    networks.close();
  }

  @Override
  protected ComputationGraph answering() {
    return answering;
  }

  private List<float[]> outputs(RecordedOutput network, List<byte[]> pixels) {
    Manifest.ImageShape shape = manifest().image();
    Rows rows =
        Rows.of(
            network
                .output(manifest().normalizer().apply(shape.height(), shape.width(), pixels))
                .get(0));
    return IntStream.range(0, rows.count()).mapToObj(rows::floats).toList();
  }

  private List<Answer> best(float[] row, int top) {
    return ClassScores.ranked(row, top).stream()
        .map(k -> new Answer(manifest().labels().get(k), row[k]))
        .toList();
  }

  @Override
  public ClassifierService service() {
    return new ClassifierService(file(), manifest(), answering);
  }

  @Override
  public ClassifierEvaluation evaluate() {
    Job job = job();
    ImageDataSettings data = ((ImageDataSettings) job.data()).asTheyLie();
    return score(ImageSource.load(data, job.seed(), Task.intake(data)).parts().test());
  }

  /**
   * Scores the model on a CIFAR folder or an image folder: on its test part if it has one, else on
   * all of it.
   *
   * @throws DescryException if the data cannot be read or has other classes or image sizes
   */
  @Override
  public ClassifierEvaluation evaluate(Path data) {
    Manifest.ImageShape shape = manifest().image();
    if (!Files.isDirectory(data)) {
      throw new DataException(
          data + ": no such folder; expected a CIFAR folder or an image folder.");
    }
    ImageSplits parts =
        CifarFolder.isCifar(data)
            ? CifarFolder.read(data, cifarLabels())
            : ImageFolder.read(data, manifest().images(file()));
    ImageSet part = parts.test().isEmpty() ? parts.train() : parts.test();
    ImageSet images = part.ordered(manifest().labels(), data.toString());
    var found = new Manifest.ImageShape(images.channels(), images.height(), images.width());
    if (!found.equals(shape)) {
      throw new DataException(
          "%s has images of %s; expected those of %s: %s.".formatted(data, found, file(), shape));
    }
    return score(images);
  }

  /** Those that the model was trained on. */
  private CifarLabels cifarLabels() {
    String told = manifest().provenance().job().at("/data/labels").asText();
    return told.equals("coarse") ? CifarLabels.COARSE : CifarLabels.FINE;
  }

  /**
   * The same model, evaluated on views of each image, whose answers are averaged: mirrored, and
   * moved by a pixel.
   */
  @Override
  public TrainedClassifier onViews() {
    return new TrainedClassifier(this, true, csv, limit);
  }

  /**
   * The same model, whose evaluations write each answer into a CSV file: the image's name, its
   * class, the answer, and its probability or score.
   */
  @Override
  public TrainedClassifier writingPredictions(Path csv) {
    return new TrainedClassifier(this, views, csv, limit);
  }

  private ClassifierEvaluation score(ImageSet images) {
    Predictions predictions =
        networks.call(
            network ->
                views
                    ? Predictions.ofViews(network, images, manifest().normalizer(), BATCH_SIZE)
                    : Predictions.of(network, images, manifest().normalizer(), BATCH_SIZE));
    if (csv != null) {
      predictions.write(images, manifest().output(), csv);
    }
    return ClassifierEvaluation.of(predictions, manifest().labels());
  }
}
