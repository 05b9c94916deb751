package org.descry.kind.captioner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.descry.data.OnBadRecord;
import org.descry.data.builtin.ShapeScene;
import org.descry.data.caption.CaptionData;
import org.descry.data.caption.CaptionFiles;
import org.descry.data.caption.CaptionLimits;
import org.descry.data.caption.CaptionSet;
import org.descry.data.caption.ImageInputs;
import org.descry.data.caption.Vocabulary;
import org.descry.data.caption.file.CaptionFormat;
import org.descry.data.image.ImageLoader;
import org.descry.engine.Deadline;
import org.descry.engine.Replicas;
import org.descry.engine.dnn.Team;
import org.descry.generate.Captioner;
import org.descry.generate.Decoding;
import org.descry.job.CaptionDataSettings;
import org.descry.job.DecodingSettings;
import org.descry.job.Job;
import org.descry.kind.ImageAnswers;
import org.descry.kind.InputImage;
import org.descry.kind.TrainedModel;
import org.descry.model.SharedParameters;
import org.descry.train.Task;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A captioner from a model zip, at work on images. For any number of threads. */
public final class TrainedCaptioner extends TrainedModel implements ImageCaptioner {
  private static final int BATCH_SIZE = 100;
  private static final int BLIND_SAMPLE = 1000;

  private final Vocabulary vocabulary;
  private final Captioner original;
  private final Replicas<Captioner> captioners;
  private final Duration limit;

  TrainedCaptioner(Path file, ModelArchive archive) {
    super(file, archive);
    vocabulary = archive.manifest().words(file);
    original = new Captioner(archive.network(), vocabulary);
    captioners = new Replicas<>(original::replica);
    limit = null;
  }

  /** The same for callers with less time. */
  private TrainedCaptioner(TrainedCaptioner same, Duration limit) {
    super(same.file(), same.archive());
    vocabulary = same.vocabulary;
    original = same.original;
    captioners = same.captioners;
    this.limit = limit;
  }

  /**
   * @throws DescryException if the zip is damaged, holds no captioner, or lacks its vocabulary
   */
  public static TrainedCaptioner load(Path file) {
    return new TrainedCaptioner(file, ModelArchive.read(file, ModelKind.CAPTIONER));
  }

  /** How the job says that words are found. */
  public DecodingSettings decoding() {
    return job().decoding();
  }

  /**
   * The job's way to find words, with another width of its beam.
   *
   * @param beam at least 1, which is greedy
   */
  @Override
  public Decoding beam(int beam) {
    return CaptionScorer.decoding(decoding(), beam);
  }

  /**
   * A sentence for each image.
   *
   * @param images files of any size, of the formats that {@link ImageLoader} reads
   * @throws DescryException if a file is no image, or the model takes features
   */
  public List<String> caption(List<Path> images, Decoding decoding) {
    return captionAll(images.stream().map(InputImage::of).toList(), decoding);
  }

  @Override
  public List<String> captionAll(List<InputImage> images, Decoding decoding) {
    Deadline deadline = Deadline.in(limit);
    ImageLoader loader = loader();
    List<byte[]> pixels = images.stream().map(image -> image.load(loader).pixels()).toList();
    List<String> captions = new ArrayList<>();
    for (int from = 0; from < pixels.size(); from += BATCH_SIZE) {
      List<byte[]> batch = pixels.subList(from, Math.min(pixels.size(), from + BATCH_SIZE));
      captioners.call(captioner -> describe(captioner, batch, decoding), deadline).stream()
          .map(words -> String.join(" ", words))
          .forEach(captions::add);
    }
    return captions;
  }

  @Override
  public TrainedCaptioner within(Duration newLimit) {
    return new TrainedCaptioner(this, newLimit);
  }

  @Override
  public void close() {
    captioners.close();
  }

  private ImageLoader loader() {
    if (manifest().image() == null) {
      throw new DataException(
          "%s was trained on features of width %s; expected a model of images."
              .formatted(file(), manifest().features()));
    }
    return manifest().images(file());
  }

  /**
   * As {@link #caption}.
   *
   * @param settings {@code temperature}, {@code topK} and {@code seed} to draw words; else {@code
   *     beam} for a width other than the job's
   */
  @Override
  protected ImageAnswers imageAnswers(Map<String, Object> settings) {
    return new Sentences(
        this, loader(), decoding(settings), settings, new Replicas<>(original::replica));
  }

  /** The decoding of such settings. */
  public Decoding decoding(Map<String, Object> settings) {
    DecodingSettings job = decoding();
    if (settings.containsKey("seed")) {
      return Decoding.sample(
          job.maxLength(),
          ((Number) settings.get("temperature")).doubleValue(),
          ((Number) settings.get("topK")).intValue(),
          ((Number) settings.get("seed")).longValue());
    }
    return beam(((Number) settings.getOrDefault("beam", job.beam())).intValue());
  }

  private record Sentences(
      TrainedCaptioner model,
      ImageLoader loader,
      Decoding decoding,
      Map<String, Object> settings,
      Replicas<Captioner> captioners)
      implements ImageAnswers {
    @Override
    public List<Map<String, Object>> of(List<byte[]> pixels) {
      return captioners.call(c -> Team.alone(() -> model.describe(c, pixels, decoding))).stream()
          .map(words -> Map.<String, Object>of("caption", String.join(" ", words)))
          .toList();
    }
  }

  private List<List<String>> describe(Captioner captioner, List<byte[]> pixels, Decoding decoding) {
    Manifest.ImageShape shape = manifest().image();
    INDArray images = manifest().normalizer().apply(shape.height(), shape.width(), pixels);
    return captioner.describe(captioner.states(images), decoding);
  }

  @Override
  public CaptionerService service() {
    return new CaptionerService(file(), manifest(), decoding(), original);
  }

  @Override
  public CaptionerEvaluation evaluate() {
    Job job = job();
    CaptionSource source =
        CaptionSource.load((CaptionDataSettings) job.data(), job.seed(), Task.intake(job.data()));
    return score(source.data().test(), source.data().train(), source.testScenes());
  }

  /** As below, with the images in the folder of the captions, or anywhere below it. */
  @Override
  public CaptionerEvaluation evaluate(Path data) {
    return evaluate(data, null);
  }

  /**
   * Measures the model on captions in any format that trainings read: on the file's own test part,
   * or on all of it if it has none. The blind caption is that of the mean of these images, for the
   * training's are not at hand.
   *
   * @param data a caption file, or a folder with one
   * @param images the folder of the images; for a model of features, those; null for the folder of
   *     the captions
   * @throws DescryException if something is missing or cannot be read, or does not suit the model
   */
  @Override
  public CaptionerEvaluation evaluate(Path data, Path images) {
    boolean features = manifest().features() != null;
    if (features && images == null) {
      throw new UsageException(
          "%s was trained on features; expected --images with the features of the images in %s."
              .formatted(file(), data));
    }
    Path captions = Files.isDirectory(data) ? CaptionFiles.captionsIn(data) : data;
    Path folder = images == null ? captions.toAbsolutePath().getParent() : images;
    CaptionFiles files =
        new CaptionFiles(
            captions,
            CaptionFormat.AUTO,
            null,
            null,
            null,
            features ? null : CaptionFiles.Images.in(folder),
            features ? folder : null);
    ImageLoader loader = features ? null : manifest().images(file());
    CaptionSet test = CaptionData.test(files, limits(), loader, intake());
    return score(test, test, null);
  }

  /** As the job's, but nothing that is known of its built-in scenes bounds captions of others. */
  private CaptionLimits limits() {
    return job().data() instanceof CaptionDataSettings.Files files
        ? CaptionSource.limits(files).ofAnyWords()
        : new CaptionLimits(1, manifest().steps() - 1, CaptionLimits.LongCaptions.TRUNCATE, 0);
  }

  private Intake intake() {
    return job().data() instanceof CaptionDataSettings.Files files
        ? Task.intake(files)
        : new Intake(OnBadRecord.SKIP, OnBadRecord.MOST);
  }

  private CaptionerEvaluation score(
      CaptionSet captions, CaptionSet known, List<ShapeScene> scenes) {
    DecodingSettings decoding = decoding();
    CaptionScorer test = new CaptionScorer(asTrained(captions));
    ImageInputs seen = asTrained(known.first(BLIND_SAMPLE)).inputs();
    return captioners.call(
        captioner ->
            test.report(
                SharedParameters.replica(network()),
                captioner,
                captioner.describe(test.captions().inputs(), CaptionScorer.decoding(decoding)),
                decoding,
                seen,
                scenes));
  }

  /** The captions with the model's words and normaliser. */
  private CaptionSet asTrained(CaptionSet captions) {
    Manifest.ImageShape image = manifest().image();
    long[] expected =
        image == null
            ? new long[] {manifest().features()}
            : new long[] {image.channels(), image.height(), image.width()};
    long[] found = captions.inputs().shape();
    if (!Arrays.equals(expected, found)) {
      throw new DataException(
          "The data has %s of %s; expected those of %s: %s."
              .formatted(
                  found.length == 1 ? "features" : "images",
                  Arrays.toString(found),
                  file(),
                  Arrays.toString(expected)));
    }
    CaptionSet numbered = captions.withVocabulary(vocabulary);
    return image == null ? numbered : numbered.normalized(manifest().normalizer());
  }
}
