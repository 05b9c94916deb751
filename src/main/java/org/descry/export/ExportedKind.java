package org.descry.export;

import java.util.List;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the exports of a model and its card have of their own for its kind. */
abstract class ExportedKind {
  final Manifest manifest;

  ExportedKind(Manifest manifest) {
    this.manifest = manifest;
  }

  /** The only list of the kinds that are exported. */
  static ExportedKind of(Manifest manifest) {
    return manifest.match(
        () -> new ExportedClassifier(manifest),
        () -> new ExportedCaptioner(manifest),
        () -> new ExportedLanguageModel(manifest),
        () -> new ExportedSequenceClassifier(manifest));
  }

  /** One sentence: what the model does. */
  abstract String purpose();

  /** What its data's parts hold. */
  abstract String examples();

  /** How plain DL4J holds it. */
  abstract Exporter stock();

  /** The names of its files where a file holds one graph. */
  List<String> files(String name) {
    return List.of(name);
  }

  /** A program on Descry's own classes. */
  abstract String dl4j(String file);

  /** The end of a program on ND4J alone. */
  abstract String sameDiff(ModelArchive model);

  /** The end of a program in Python. */
  abstract String onnx(ModelArchive model);

  /**
   * What a graph with the names of {@link org.descry.export.samediff.SameDiffGraph} takes and
   * gives.
   *
   * @param numbers the type of words
   */
  abstract Signature signature(ModelArchive model, String numbers);

  /** What such a graph answers to a probe: probabilities or scores, N x K or N x T x V. */
  abstract INDArray ask(NamedGraph graph, ModelArchive model, Probe probe);

  /** What it sees, in words. */
  final String seen() {
    Manifest.ImageShape image = manifest.image();
    return image == null
        ? "features of width " + manifest.features()
        : "images of %s x %s pixels (%s)"
            .formatted(
                image.height(),
                image.width(),
                image.channels() == 3 ? "RGB" : image.channels() + " channels");
  }
}
