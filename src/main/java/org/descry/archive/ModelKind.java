package org.descry.archive;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.text.TextVocabulary;
import org.descry.model.NetworkModel;

/**
 * The kinds of model that Descry trains, with what the zip of each says and holds: the only list of
 * kinds below {@code kind}. A program's own network is none of them, see {@link Manifest#NETWORK}.
 */
public enum ModelKind {
  /** Tells classes of images apart. */
  CLASSIFIER(
      "classifier",
      Manifest::labels,
      manifest -> List.of("output", "labels", "image", "normalizer"),
      (manifest, given) -> Set.of(NetworkModel.IMAGE)),

  /** Says what is on images. */
  CAPTIONER(
      "captioner",
      Manifest::vocabulary,
      manifest ->
          manifest.features() == null
              ? List.of("vocabulary", "steps", "image", "normalizer")
              : List.of("vocabulary", "steps"),
      (manifest, given) -> Set.of(NetworkModel.IMAGE, NetworkModel.WORDS)),

  /** Continues texts. */
  LANGUAGE_MODEL(
      "language model",
      manifest -> manifest.text().tokens(),
      manifest -> List.of("text"),
      (manifest, given) ->
          given.contains(NetworkModel.STATE)
              ? Set.of(NetworkModel.WORDS, NetworkModel.STATE)
              : Set.of(NetworkModel.WORDS)),

  /** Tells classes of sequences apart. */
  SEQUENCE_CLASSIFIER(
      "sequence-classifier",
      Manifest::labels,
      manifest -> List.of("output", "labels", "steps", "text or features"),
      (manifest, given) ->
          Set.of(manifest.text() == null ? NetworkModel.NUMBERS : NetworkModel.WORDS));

  private final String title;
  private final Function<Manifest, List<String>> columns;
  private final Function<Manifest, List<String>> needs;
  private final BiFunction<Manifest, List<String>, Set<String>> inputs;

  ModelKind(
      String title,
      Function<Manifest, List<String>> columns,
      Function<Manifest, List<String>> needs,
      BiFunction<Manifest, List<String>, Set<String>> inputs) {
    this.title = title;
    this.columns = columns;
    this.needs = needs;
    this.inputs = inputs;
  }

  /** The kind that a manifest calls itself; empty of one that is not known. */
  public static Optional<ModelKind> find(Manifest manifest) {
    return Arrays.stream(values()).filter(kind -> kind.title.equals(manifest.kind())).findFirst();
  }

  /**
   * The kind of a manifest that has been checked.
   *
   * @throws IllegalStateException if it is none of them
   */
  public static ModelKind of(Manifest manifest) {
    return find(manifest)
        .orElseThrow(
            () -> new IllegalStateException("Expected a kind of model, got: " + manifest.kind()));
  }

  /** What those kinds are called whose manifests, as this one, would have to name classes. */
  public static List<String> ofClasses(Manifest manifest) {
    return Arrays.stream(values())
        .filter(kind -> kind.needs(manifest).contains("labels"))
        .map(kind -> kind.title)
        .toList();
  }

  /** What the outputs' columns stand for: classes, words or tokens. */
  List<String> columns(Manifest manifest) {
    return columns.apply(manifest);
  }

  /** Names of what a manifest of this kind has to have. */
  List<String> needs(Manifest manifest) {
    return needs.apply(manifest);
  }

  /**
   * The network's inputs.
   *
   * @param given those that it has, of which some may be left out
   */
  Set<String> inputs(Manifest manifest, List<String> given) {
    return inputs.apply(manifest, given);
  }

  /** As zips, messages and cards call it. */
  @Override
  public String toString() {
    return title;
  }

  /** What a classifier's zip says. */
  public static Manifest classifier(
      String output,
      List<String> labels,
      Manifest.ImageShape image,
      ChannelNormalizer normalizer,
      Manifest.Provenance provenance) {
    return Manifest.of(
        CLASSIFIER.title, output, labels, image, null, normalizer, null, null, null, provenance);
  }

  /**
   * @param image null for a model of features
   * @param features null for a model of images
   */
  public static Manifest captioner(
      Manifest.ImageShape image,
      Integer features,
      ChannelNormalizer normalizer,
      List<String> vocabulary,
      int steps,
      Manifest.Provenance provenance) {
    return Manifest.of(
        CAPTIONER.title,
        "score",
        null,
        image,
        features,
        normalizer,
        vocabulary,
        steps,
        null,
        provenance);
  }

  public static Manifest languageModel(TextVocabulary text, Manifest.Provenance provenance) {
    return Manifest.of(
        LANGUAGE_MODEL.title, "probability", null, null, null, null, null, null, text, provenance);
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
      Manifest.Provenance provenance) {
    return Manifest.of(
        SEQUENCE_CLASSIFIER.title,
        output,
        labels,
        null,
        width,
        null,
        null,
        steps,
        text,
        provenance);
  }
}
