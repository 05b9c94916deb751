package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.export.stock.StockConverters;
import org.descry.export.stock.StockGraph;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A sequence classifier: whole sequences and their mask to probabilities. */
final class StockSequenceClassifier implements Exporter {
  private static String input(Manifest manifest) {
    return manifest.text() == null ? NetworkModel.NUMBERS : NetworkModel.WORDS;
  }

  @Override
  public void write(ModelArchive model, List<Path> files) throws IOException {
    StockGraph graph = new StockGraph();
    Manifest manifest = model.manifest();
    InputType type =
        manifest.text() == null
            ? InputType.recurrent(manifest.features())
            : InputType.feedForward(1);
    String sequences = graph.sequences(input(manifest), type);
    String output =
        StockConverters.addBelow(
            graph, model.network(), input(manifest), NetworkModel.OUTPUT, sequences);
    StockZip.write(
        graph.build(output),
        manifest.labels(),
        files.get(0),
        sequences(manifest, Probe.of(model).firstRow()));
  }

  private static INDArray sequences(Manifest manifest, Probe probe) {
    INDArray sequences = probe.inputs().get(input(manifest));
    return sequences.rank() == 3 ? sequences.permute(0, 2, 1) : sequences;
  }

  @Override
  public List<OutputPair> answers(ModelArchive model, Probe probe, List<Path> files)
      throws IOException {
    INDArray[] inputs = {sequences(model.manifest(), probe)};
    INDArray[] masks = {probe.inputs().get(SameDiffGraph.MASK)};
    INDArray found = StockZip.read(files.get(0)).output(false, inputs, masks, null)[0];
    return List.of(new OutputPair(NetworkModel.OUTPUT, probe.expected(model), found));
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    Manifest manifest = model.manifest();
    Signature signature = new Signature();
    if (manifest.text() == null) {
      signature.add(
          "input",
          NetworkModel.NUMBERS,
          "N x %s x T".formatted(manifest.features()),
          "steps of numbers");
    } else {
      signature.add(
          "input",
          NetworkModel.WORDS,
          "N x T",
          "numbers of tokens, 0 to " + (manifest.text().size() - 1));
    }
    signature
        .add("mask", input(manifest), "N x T", "1 where there is a step, 0 for padding")
        .answer(NetworkModel.OUTPUT, manifest);
    return StockZip.usage(
        files.get(0),
        """
        INDArray answers =
            network.output(false, new INDArray[] {sequences}, new INDArray[] {mask}, null)[0];
        """,
        signature,
        "The classes' names");
  }
}
