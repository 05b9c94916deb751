package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.archive.ModelArchive;
import org.descry.export.stock.StockConverters;
import org.descry.export.stock.StockGraph;
import org.descry.model.NetworkLayers;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A language model from tokens to probabilities; it remembers between time steps as DL4J's do. */
final class StockLanguageModel implements Exporter {
  private static final String STEP =
      """
      network.rnnClearPreviousState();
      INDArray next = network.rnnTimeStep(token)[0]; // token N x 1, next N x %s
      """;

  private static final String WHOLE =
      """
      INDArray probabilities = network.outputSingle(tokens);
      """;

  @Override
  public void write(ModelArchive model, List<Path> files) throws IOException {
    StockGraph graph = new StockGraph();
    String words = graph.input(NetworkModel.WORDS, InputType.feedForward(1));
    String output =
        StockConverters.addBelow(
            graph, model.network(), NetworkModel.WORDS, NetworkModel.OUTPUT, words);
    StockZip.write(
        graph.build(output),
        model.manifest().text().tokens(),
        files.get(0),
        Probe.of(model).firstRow().inputs().get(NetworkModel.WORDS));
  }

  @Override
  public List<OutputPair> answers(ModelArchive model, Probe probe, List<Path> files)
      throws IOException {
    Probe start = probe.fromTheBeginning();
    INDArray found =
        StockZip.read(files.get(0)).outputSingle(start.inputs().get(NetworkModel.WORDS));
    return List.of(
        new OutputPair(NetworkModel.OUTPUT, start.expected(model), found.permute(0, 2, 1)));
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    int tokens = model.manifest().text().size();
    boolean whole = NetworkLayers.readsBothDirections(model.network());
    return StockZip.usage(
        files.get(0),
        whole ? WHOLE : STEP.formatted(tokens),
        new Signature()
            .add("input", NetworkModel.WORDS, "N x T", "numbers of tokens, 0 to " + (tokens - 1))
            .add(
                "output",
                NetworkModel.OUTPUT,
                "N x %s x T".formatted(tokens),
                "probabilities of the next token, 0 to 1; each step's sum is 1"),
        (whole
                ? "It reads whole sequences, in both directions."
                : "`rnnTimeStep` goes on from the state after the token before; `output` always"
                    + " begins with a state of zeros.")
            + " The tokens");
  }
}
