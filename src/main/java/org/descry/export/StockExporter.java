package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;

/**
 * The network rebuilt from DL4J's own layers, so that plain {@link
 * org.deeplearning4j.nn.graph.ComputationGraph#load} reads it in a program that has never heard of
 * Descry.
 */
final class StockExporter implements Exporter {
  private static Exporter of(Manifest manifest) {
    return ExportedKind.of(manifest).stock();
  }

  @Override
  public List<String> files(Manifest manifest, String name) {
    return of(manifest).files(manifest, name);
  }

  @Override
  public void write(ModelArchive model, List<Path> files) throws IOException {
    of(model.manifest()).write(model, files);
  }

  @Override
  public List<OutputPair> answers(ModelArchive model, Probe probe, List<Path> files)
      throws IOException {
    return of(model.manifest()).answers(model, probe, files);
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    return of(model.manifest()).usage(model, files);
  }
}
