package org.descry.export;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.model.CaptioningRnn;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkLayers;
import org.descry.model.SequenceRnn;

/** How a zip with Descry's layers is used: its part of the model card. */
final class Dl4jUsage {
  private static final String TEXT =
      """
      DL4J's zip with Descry's layers. A program needs `%s` with its libraries; the zip's \
      `descry/manifest.json` names the version and the classes. Descry's commands take it as it is.

      ```java
      %s```

      The network by itself, as DL4J sees it, with N rows and T steps:

      ```java
      Engine.start(); // chooses the native library, before anything else touches ND4J
      ComputationGraph network = ComputationGraph.load(new File("%s"), false);
      ```

      %s
      """;

  private final ComputationGraph network;
  private final Manifest manifest;

  Dl4jUsage(ModelArchive model) {
    network = model.network();
    manifest = model.manifest();
  }

  /**
   * Markdown.
   *
   * @param artifact Maven's group and artifact of Descry
   * @param file the zip's name
   */
  String text(String artifact, String file) {
    return TEXT.formatted(artifact, ExportedKind.of(manifest).dl4j(file), file, inputsAndOutputs());
  }

  private Signature inputsAndOutputs() {
    Signature signature = new Signature();
    for (String input : network.getConfiguration().getNetworkInputs()) {
      switch (input) {
        case CaptioningRnn.WORDS ->
            signature.add(
                "input",
                input,
                "N x T",
                "numbers of words, 0 to "
                    + ((manifest.text() == null ? words() : manifest.text().size()) - 1));
        case SequenceRnn.NUMBERS ->
            signature.add("input", input, "N x T x " + manifest.features(), "steps of numbers");
        case LanguageRnn.STATE ->
            signature.add(
                "input",
                input,
                "N x " + NetworkLayers.stateWidth(network),
                "the state to begin with, zeros at first");
        default -> signature.seen("input", input, manifest, "normalised as under Training");
      }
    }
    String output = network.getConfiguration().getNetworkOutputs().get(0);
    return manifest.classifies()
        ? signature.answer(output, manifest)
        : signature.add(
            "output",
            output,
            "N x T x " + words(),
            "probabilities of the next word, 0 to 1; each step's sum is 1");
  }

  private int words() {
    return manifest.outputNames().size();
  }
}
