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
    return new Dl4jUsage(model).text(ARTIFACT, files.get(0));
  }
}
