package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.io.Versions;
import org.nd4j.autodiff.samediff.SameDiff;

/** One FlatBuffers file of a SameDiff graph, see {@link SameDiffGraph}. */
final class SameDiffExporter implements Exporter {
  private static final String NEEDS =
      """
      One SameDiff graph in a FlatBuffers file. A program needs `org.nd4j:nd4j-native:%s` with the \
      native library of its platform, and nothing of Descry or DL4J. N is any number of rows.
      """;

  private static final String LOAD =
      """
      SameDiff model = SameDiff.load(new File("%s"), false);
      byte[] names = model.getVariable("%s").getArr().data().asBytes();
      // of org.nd4j.shade.jackson.databind, which ND4J brings along
      String[] %2$s = new ObjectMapper().readValue(names, String[].class);
      """;

  @Override
  public void write(ModelArchive model, List<Path> files) throws IOException {
    SameDiffGraph graph = ExportedKind.graph(model);
    graph.addSelfTests();
    graph.graph().asFlatFile(files.get(0).toFile(), false);
  }

  @Override
  public List<OutputPair> answers(ModelArchive model, Probe probe, List<Path> files)
      throws IOException {
    SameDiff graph = SameDiff.fromFlatFile(files.get(0).toFile(), false);
    NamedGraph named = graph::output;
    return named.answers(model, probe);
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    Manifest manifest = model.manifest();
    String names = SameDiffGraph.names(manifest);
    ExportedKind kind = ExportedKind.of(manifest);
    return "%s\n%s\n\n```java\n%s%s```\n"
        .formatted(
            NEEDS.formatted(Versions.dl4j()),
            kind.signature(model, "int32")
                .add(
                    "constant",
                    names,
                    "bytes",
                    "int8",
                    "the %s by number: a JSON array in UTF-8"
                        .formatted(manifest.classifies() ? "classes" : "words")),
            LOAD.formatted(files.get(0), names),
            kind.programs(model).sameDiff());
  }
}
