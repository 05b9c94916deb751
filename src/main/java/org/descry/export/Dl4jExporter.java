package org.descry.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.io.Versions;
import org.descry.model.NetworkLayers;
import org.descry.model.NetworkModel;

/**
 * DL4J's zip with Descry's layers and without the updater's state. Descry's own commands read it,
 * and so does {@link ComputationGraph#load} where Descry is on the class path; the manifest says
 * which version and which classes that takes.
 */
final class Dl4jExporter implements Exporter {
  private static final String ARTIFACT = "org.descry:descry";

  @Override
  public void write(ModelArchive model, List<Path> files) throws IOException {
    Manifest manifest =
        model
            .manifest()
            .with(
                new Manifest.Requirements(
                    ARTIFACT, Versions.descry(), foreignClasses(model.network())));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(files.get(0)))) {
      new ModelArchive(model.network(), manifest).writeForUse(out);
    }
  }

  /** The classes of the network's layers and vertices that are not DL4J's, by name. */
  private static List<String> foreignClasses(ComputationGraph network) {
    return network.getConfiguration().getVertices().values().stream()
        .map(Dl4jExporter::configured)
        .map(Class::getName)
        .filter(name -> !name.startsWith("org.deeplearning4j."))
        .distinct()
        .sorted()
        .toList();
  }

  private static Class<?> configured(GraphVertex vertex) {
    return vertex instanceof LayerVertex layer
        ? NetworkLayers.unwrapped(layer.getLayerConf().getLayer()).getClass()
        : vertex.getClass();
  }

  @Override
  public List<OutputPair> answers(ModelArchive model, Probe probe, List<Path> files)
      throws IOException {
    ModelArchive read = ModelArchive.read(files.get(0));
    return List.of(
        new OutputPair(
            read.network().getConfiguration().getNetworkOutputs().get(0),
            probe.expected(model),
            probe.expected(read)));
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    return new Usage(model).text(ARTIFACT, files.get(0));
  }

  /** How a zip with Descry's layers is used: its part of the model card. */
  private static final class Usage {
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

    Usage(ModelArchive model) {
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
      return TEXT.formatted(
          artifact, ExportedKind.of(manifest).dl4j(file), file, inputsAndOutputs());
    }

    private Signature inputsAndOutputs() {
      Signature signature = new Signature();
      for (String input : network.getConfiguration().getNetworkInputs()) {
        switch (input) {
          case NetworkModel.WORDS ->
              signature.add(
                  "input",
                  input,
                  "N x T",
                  "numbers of words, 0 to "
                      + ((manifest.text() == null ? words() : manifest.text().size()) - 1));
          case NetworkModel.NUMBERS ->
              signature.add("input", input, "N x T x " + manifest.features(), "steps of numbers");
          case NetworkModel.STATE ->
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
}
