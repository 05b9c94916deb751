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
import org.descry.train.Manifest;
import org.descry.train.ModelArchive;
import org.descry.train.Versions;

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
        ? Layers.unwrapped(layer.getLayerConf().getLayer()).getClass()
        : vertex.getClass();
  }

  @Override
  public List<Answer> answers(ModelArchive model, Probe probe, List<Path> files)
      throws IOException {
    Path file = files.get(0);
    ModelArchive.readManifest(file);
    ComputationGraph read = ComputationGraph.load(file.toFile(), false);
    return List.of(
        new Answer(
            read.getConfiguration().getNetworkOutputs().get(0),
            probe.expected(model),
            read.outputSingle(probe.ordered(read))));
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    return """
    DL4J's zip with Descry's layers. Descry's commands read it, and so does plain DL4J with %s and its \
    libraries on the class path (the zip's `descry/manifest.json` names the version and the classes):

    ```java
    Engine.start(); // chooses the native binary
    ComputationGraph network = ComputationGraph.load(new File("%s"), false);
    ```

    %s
    """
        .formatted(ARTIFACT, files.get(0), inputsAndOutputs(model.manifest()));
  }

  private static String inputsAndOutputs(Manifest manifest) {
    if (manifest.kind().equals(Manifest.LANGUAGE_MODEL)) {
      return "Inputs: `words`, N x T numbers of tokens as float32, and, where the network has it,"
          + " `state`, N x (layers * hidden), the state to begin with. Output: probabilities of the"
          + " next token, N x T x V.";
    }
    String seen =
        manifest.image() == null
            ? "`image`, float32 features N x %d".formatted(manifest.features())
            : "`image`, float32 N x %d x %d x %d, RGB, normalised: `(value / 255 - mean) / std` for each channel, as the manifest says"
                .formatted(
                    manifest.image().channels(),
                    manifest.image().height(),
                    manifest.image().width());
    return manifest.kind().equals(Manifest.CAPTIONER)
        ? "Inputs: "
            + seen
            + "; `words`, N x T numbers of words as float32, from `<START>` on. Output:"
            + " probabilities of the next word, N x T x V."
        : "Input: %s. Output: a %s for each class, N x %d."
            .formatted(seen, manifest.output(), manifest.labels().size());
  }
}
