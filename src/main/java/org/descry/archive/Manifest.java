package org.descry.archive;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.caption.Vocabulary;
import org.descry.data.decode.Fit;
import org.descry.data.decode.ImageDecoder;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageLoader;
import org.descry.data.text.TextVocabulary;
import org.descry.io.Printable;
import org.descry.metrics.EpochMetrics;

/**
 * What a model zip says of itself: enough to use the model on an image, and where it comes from.
 *
 * <p>What a kind of model has no use for is null.
 *
 * @param format version of this manifest
 * @param kind {@value #CLASSIFIER}, {@value #CAPTIONER}, {@value #LANGUAGE_MODEL}, {@value
 *     #SEQUENCE_CLASSIFIER} or {@value #NETWORK}
 * @param output what the network's outputs are: {@code probability} or {@code score}
 * @param labels names of a classifier's classes, indexed by output
 * @param image what images have to be resized to
 * @param features width of the features that stand for images, or of a step of numbers
 * @param normalizer what pixels have to go through
 * @param vocabulary a captioner's words, indexed by output, the special ones first
 * @param steps longest sentence that it was trained on, in words and {@code <END>}; longest
 *     sequence that a sequence classifier takes
 * @param text the tokens of a language model or a sequence classifier
 * @param provenance how the model came to be
 * @param requirements what has to be on the class path to read the network; null where the zip says
 *     nothing of it
 * @param preprocessing version of what is done to an image file before the normaliser, {@link
 *     ImageLoader#VERSION}; null in zips of 0.1.0, where it is 1
 */
public record Manifest(
    int format,
    String kind,
    String output,
    List<String> labels,
    ImageShape image,
    Integer features,
    ChannelNormalizer normalizer,
    List<String> vocabulary,
    Integer steps,
    TextVocabulary text,
    Provenance provenance,
    Requirements requirements,
    Integer preprocessing) {

  /** The version that this program writes. */
  static final int FORMAT = 1;

  /** The kind that tells classes of images apart. */
  public static final String CLASSIFIER = "classifier";

  /** The kind that says what is on images. */
  public static final String CAPTIONER = "captioner";

  /** The kind that continues texts. */
  public static final String LANGUAGE_MODEL = "language model";

  /** The kind that tells classes of sequences apart. */
  public static final String SEQUENCE_CLASSIFIER = "sequence-classifier";

  /** The kind that a program brings itself and DL4J alone reads. */
  public static final String NETWORK = "network of a program";

  public Manifest {
    labels = labels == null ? null : List.copyOf(labels);
    vocabulary = vocabulary == null ? null : List.copyOf(vocabulary);
  }

  public static Manifest classifier(
      String output,
      List<String> labels,
      ImageShape image,
      ChannelNormalizer normalizer,
      Provenance provenance) {
    return of(CLASSIFIER, output, labels, image, null, normalizer, null, null, null, provenance);
  }

  /**
   * @param image null for a model of features
   * @param features null for a model of images
   */
  public static Manifest captioner(
      ImageShape image,
      Integer features,
      ChannelNormalizer normalizer,
      List<String> vocabulary,
      int steps,
      Provenance provenance) {
    return of(
        CAPTIONER, "score", null, image, features, normalizer, vocabulary, steps, null, provenance);
  }

  public static Manifest languageModel(TextVocabulary text, Provenance provenance) {
    return of(LANGUAGE_MODEL, "probability", null, null, null, null, null, null, text, provenance);
  }

  /**
   * @param text null for a model of numbers
   * @param width of a step of numbers; null for a model of texts
   * @param steps longest sequence
   */
  public static Manifest sequenceClassifier(
      String output,
      List<String> labels,
      TextVocabulary text,
      Integer width,
      int steps,
      Provenance provenance) {
    return of(
        SEQUENCE_CLASSIFIER, output, labels, null, width, null, null, steps, text, provenance);
  }

  /** Of a network about whose inputs and outputs only its program knows. */
  public static Manifest network(Provenance provenance) {
    return of(NETWORK, null, null, null, null, null, null, null, null, provenance);
  }

  /** Of this version. */
  private static Manifest of(
      String kind,
      String output,
      List<String> labels,
      ImageShape image,
      Integer features,
      ChannelNormalizer normalizer,
      List<String> vocabulary,
      Integer steps,
      TextVocabulary text,
      Provenance provenance) {
    return new Manifest(
        FORMAT,
        kind,
        output,
        labels,
        image,
        features,
        normalizer,
        vocabulary,
        steps,
        text,
        provenance,
        null,
        image == null ? null : ImageLoader.VERSION);
  }

  /** The same with what the network needs to be read. */
  public Manifest with(Requirements needed) {
    return new Manifest(
        format,
        kind,
        output,
        labels,
        image,
        features,
        normalizer,
        vocabulary,
        steps,
        text,
        provenance,
        needed,
        preprocessing);
  }

  /**
   * Loads images as a model of images takes them, of as many pixels at most as its job says.
   *
   * @throws DataException if a later version prepares them otherwise
   */
  public ImageLoader images(Path file) {
    if (preprocessing != null && preprocessing > ImageLoader.VERSION) {
      throw new DataException(
          "%s: takes images as a later version prepares them (%s); this one knows %s."
              .formatted(file, preprocessing, ImageLoader.VERSION));
    }
    long told = provenance.job.at("/data/maxPixels").asLong(ImageDecoder.MAX_PIXELS);
    long maxPixels = Math.max(1, Math.min(told, ImageDecoder.LARGEST_LIMIT));
    return new ImageLoader(image.height(), image.width(), image.channels(), maxPixels, fit(file));
  }

  private Fit fit(Path file) {
    String told = provenance.job.at("/data/fit").asText("squash");
    return Arrays.stream(Fit.values())
        .filter(fit -> fit.name().toLowerCase(Locale.ROOT).equals(told))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "%s: its job's data.fit is %s; expected squash, crop or pad."
                        .formatted(file, Printable.of(told))));
  }

  /**
   * The vocabulary of a captioner.
   *
   * @param file the model zip, for the message
   * @throws DescryException if it is damaged
   */
  public Vocabulary words(Path file) {
    return Vocabulary.of(vocabulary, file.toString());
  }

  /** The names of what this kind of model cannot be used without and the manifest lacks. */
  List<String> missing() {
    Map<String, Object> needed = new LinkedHashMap<>();
    if (kind.equals(CLASSIFIER)) {
      needed.put("output", output);
      needed.put("labels", labels);
    } else if (kind.equals(CAPTIONER)) {
      needed.put("vocabulary", vocabulary);
      needed.put("steps", steps);
    } else if (kind.equals(LANGUAGE_MODEL)) {
      needed.put("text", text);
    } else if (kind.equals(SEQUENCE_CLASSIFIER)) {
      needed.put("output", output);
      needed.put("labels", labels);
      needed.put("steps", steps);
      needed.put("text or features", text == null ? features : text);
    }
    if (kind.equals(CLASSIFIER) || (kind.equals(CAPTIONER) && features == null)) {
      needed.put("image", image);
      needed.put("normalizer", normalizer);
    }
    needed.put("provenance.job", provenance == null ? null : provenance.job);
    return needed.keySet().stream().filter(name -> needed.get(name) == null).toList();
  }

  /** Whether the outputs' columns are classes. */
  public boolean classifies() {
    return match(() -> true, () -> false, () -> false, () -> true);
  }

  /** What the outputs' columns stand for: classes, words or tokens. */
  public List<String> outputNames() {
    return match(() -> labels, () -> vocabulary, () -> text.tokens(), () -> labels);
  }

  /**
   * What is there for the model's kind.
   *
   * @throws IllegalStateException if the kind is none of them
   */
  public <T> T match(
      Supplier<? extends T> classifier,
      Supplier<? extends T> captioner,
      Supplier<? extends T> languageModel,
      Supplier<? extends T> sequenceClassifier) {
    return switch (kind) {
      case CLASSIFIER -> classifier.get();
      case CAPTIONER -> captioner.get();
      case LANGUAGE_MODEL -> languageModel.get();
      case SEQUENCE_CLASSIFIER -> sequenceClassifier.get();
      default -> throw new IllegalStateException("Expected a kind of model, got: " + kind);
    };
  }

  /**
   * What has to be on the class path beside DL4J.
   *
   * @param artifact Maven's group and artifact of the jar
   * @param version of the jar
   * @param classes of the network's layers and vertices that DL4J lacks
   */
  public record Requirements(String artifact, String version, List<String> classes) {
    public Requirements {
      classes = List.copyOf(classes);
    }
  }

  /** Size of the images that a network takes. */
  public record ImageShape(int channels, int height, int width) {}

  /**
   * @param job the resolved job
   * @param data number of images in each part
   * @param metrics of the epoch that the model is from, without times: equal trainings make equal
   *     zips
   * @param versions of Descry, DL4J and Java
   * @param fingerprint of the data; null in zips of 0.1.0
   * @param engine build of the native library, threads and processor; null in zips of 0.1.0
   */
  public record Provenance(
      JsonNode job,
      Map<String, Integer> data,
      EpochMetrics metrics,
      Map<String, String> versions,
      String fingerprint,
      Map<String, String> engine) {
    /** As 0.1.0 had it. */
    public Provenance(
        JsonNode job,
        Map<String, Integer> data,
        EpochMetrics metrics,
        Map<String, String> versions) {
      this(job, data, metrics, versions, null, null);
    }

    public Provenance {
      engine = engine == null ? null : Collections.unmodifiableMap(new TreeMap<>(engine));
      // In one order, for that of Map.of changes from one JVM to the next.
      data = data == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(data));
      versions = versions == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(versions));
    }
  }
}
