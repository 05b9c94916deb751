package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.ModelArchive;
import org.descry.export.stock.StockConverters;
import org.descry.export.stock.StockGraph;
import org.descry.export.stock.StockImages;
import org.descry.model.NetworkModel;

/** A classifier of bytes: the images' normalisation is its first layer. */
final class StockClassifier implements Exporter {
  @Override
  public void write(ModelArchive model, List<Path> files) throws IOException {
    StockGraph graph = new StockGraph();
    String images = StockImages.input(graph, model.manifest());
    String output =
        StockConverters.addBelow(
            graph, model.network(), NetworkModel.IMAGE, NetworkModel.OUTPUT, images);
    StockZip.write(
        graph.build(output),
        model.manifest().labels(),
        files.get(0),
        Probe.of(model).firstRow().pixels());
  }

  @Override
  public List<OutputPair> answers(ModelArchive model, Probe probe, List<Path> files)
      throws IOException {
    ComputationGraph network = StockZip.read(files.get(0));
    return List.of(
        new OutputPair(
            NetworkModel.OUTPUT, probe.expected(model), network.outputSingle(probe.pixels())));
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    return StockZip.usage(
        files.get(0),
        "INDArray answers = network.outputSingle(image);\n",
        new Signature()
            .seen("input", NetworkModel.IMAGE, model.manifest(), StockImages.PIXELS)
            .answer(NetworkModel.OUTPUT, model.manifest()),
        "The classes' names");
  }
}
