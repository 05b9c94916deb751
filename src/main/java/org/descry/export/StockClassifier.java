package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.model.Classifier;
import org.descry.train.Manifest;
import org.descry.train.ModelArchive;

/** A classifier of bytes: the pictures' normalisation is its first layer. */
final class StockClassifier implements Exporter {
  @Override
  public void write(ModelArchive model, List<Path> files) throws IOException {
    StockGraph graph = new StockGraph();
    String pictures = StockPictures.input(graph, model.manifest());
    String output =
        StockTwins.addChain(graph, model.network(), Classifier.INPUT, Classifier.OUTPUT, pictures);
    StockZip.write(graph.build(output), model.manifest().labels(), files.get(0));
  }

  @Override
  public List<Answer> answers(ModelArchive model, Probe probe, List<Path> files)
      throws IOException {
    ComputationGraph network = StockZip.read(files.get(0));
    return List.of(
        new Answer(Classifier.OUTPUT, probe.expected(model), network.outputSingle(probe.pixels())));
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    Manifest manifest = model.manifest();
    return """
    Plain DL4J reads it; nothing of Descry is needed:

    ```java
    ComputationGraph network = ComputationGraph.load(new File("%s"), false);
    INDArray answers = network.outputSingle(pictures);
    ```

    - Input `%s`: %s
    - Output: a %s for each class, float32 N x %d. The classes' names, in this order, are the strings of the \
    JSON array `%s` in the zip.
    """
        .formatted(
            files.get(0),
            Classifier.INPUT,
            StockPictures.usage(manifest.image()),
            manifest.output(),
            manifest.labels().size(),
            StockZip.LABELS);
  }
}
