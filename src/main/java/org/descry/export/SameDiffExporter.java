package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.SameDiffGraph;
import org.nd4j.autodiff.samediff.SameDiff;

/** One FlatBuffers file of a SameDiff graph, see {@link SameDiffGraph}. */
final class SameDiffExporter implements Exporter {
  @Override
  public void write(ModelArchive model, List<Path> files) throws IOException {
    SameDiffGraph.of(model).asFlatFile(files.get(0).toFile(), false);
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
    return new SameDiffUsage(model).text(files.get(0));
  }
}
