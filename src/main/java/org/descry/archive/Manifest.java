package org.descry.archive;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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
 * @param kind a {@link ModelKind}, or {@value #NETWORK}
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

  /** What a network that a program brings itself is called, which DL4J alone reads. */
  public static final String NETWORK = "network of a program";

  public Manifest {
    labels = labels == null ? null : List.copyOf(labels);
    vocabulary = vocabulary == null ? null : List.copyOf(vocabulary);
  }

  /** Of a network about whose inputs and outputs only its program knows. */
  public static Manifest network(Provenance provenance) {
    return of(NETWORK, null, null, null, null, null, null, null, null, provenance);
  }

  /** Of this version. */
  static Manifest of(
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
    Map<String, Object> held = new HashMap<>();
    held.put("output", output);
    held.put("labels", labels);
    held.put("image", image);
    held.put("normalizer", normalizer);
    held.put("vocabulary", vocabulary);
    held.put("steps", steps);
    held.put("text", text);
    held.put("text or features", text == null ? features : text);
    held.put("provenance.job", provenance == null ? null : provenance.job);
    List<String> needs = ModelKind.find(this).map(known -> known.needs(this)).orElse(List.of());
    return Stream.concat(needs.stream(), Stream.of("provenance.job"))
        .filter(name -> held.get(name) == null)
        .toList();
  }

  /** Whether the outputs' columns are classes. */
  public boolean classifies() {
    return outputNames().equals(labels);
  }

  /** What the outputs' columns stand for: classes, words or tokens. */
  public List<String> outputNames() {
    return ModelKind.of(this).columns(this);
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
   * @param weights fingerprints of the trained weights that the network started from, by setting;
   *     null where it started from none
   * @param engine build of the native library, threads and processor; null in zips of 0.1.0
   * @param changes what was another in the middle of the training, which was interrupted there, a
   *     phrase each; null where nothing was
   */
  public record Provenance(
      JsonNode job,
      Map<String, Integer> data,
      EpochMetrics metrics,
      Map<String, String> versions,
      String fingerprint,
      Map<String, String> weights,
      Map<String, String> engine,
      List<String> changes) {
    /** As 0.1.0 had it. */
    public Provenance(
        JsonNode job,
        Map<String, Integer> data,
        EpochMetrics metrics,
        Map<String, String> versions) {
      this(job, data, metrics, versions, null, null, null, null);
    }

    public Provenance {
      weights =
          weights == null || weights.isEmpty()
              ? null
              : Collections.unmodifiableMap(new TreeMap<>(weights));
      engine = engine == null ? null : Collections.unmodifiableMap(new TreeMap<>(engine));
      changes = changes == null || changes.isEmpty() ? null : List.copyOf(changes);
      // In one order, for that of Map.of changes from one JVM to the next.
      data = data == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(data));
      versions = versions == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(versions));
    }
  }
}
