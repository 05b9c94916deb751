package org.descry.export;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.model.CaptioningRnn;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkLayers;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** An export whose inputs and outputs have the names of {@link SameDiffGraph}. */
@FunctionalInterface
interface NamedGraph {
  /** Outputs by name, at least those that are asked for. */
  Map<String, INDArray> ask(Map<String, INDArray> inputs, String... outputs);

  /** What it and the original answer: for all of the probe's rows at once, and for one alone. */
  default List<OutputPair> answers(ModelArchive model, Probe probe) {
    String output = SameDiffGraph.answer(model.manifest());
    return Stream.of(probe, probe.firstRow())
        .map(rows -> new OutputPair(output, rows.expected(model), found(model, rows, output)))
        .toList();
  }

  private INDArray found(ModelArchive model, Probe probe, String output) {
    if (model.manifest().kind().equals(Manifest.CLASSIFIER)) {
      return ask(Map.of(SameDiffGraph.IMAGE, probe.pixels()), output).get(output);
    }
    INDArray words = probe.inputs().get(CaptioningRnn.WORDS);
    if (model.manifest().kind().equals(Manifest.SEQUENCE_CLASSIFIER)) {
      String input = SameDiffGraph.input(model.manifest());
      INDArray sequences = words == null ? probe.inputs().get(input) : words.castTo(DataType.INT);
      INDArray mask = probe.inputs().get(SameDiffGraph.MASK);
      return ask(Map.of(input, sequences, SameDiffGraph.MASK, mask), output).get(output);
    }
    if (NetworkLayers.readsBothDirections(model.network())) {
      return ask(Map.of(SameDiffGraph.WORDS, words.castTo(DataType.INT)), output).get(output);
    }
    INDArray state = initialState(model, probe);
    INDArray[] steps = new INDArray[(int) words.size(1)];
    for (int t = 0; t < steps.length; t++) {
      INDArray word = words.getColumn(t).castTo(DataType.INT);
      Map<String, INDArray> step =
          ask(
              Map.of(SameDiffGraph.WORD, word, SameDiffGraph.STATE, state),
              output,
              SameDiffGraph.NEXT_STATE);
      steps[t] = step.get(output);
      state = step.get(SameDiffGraph.NEXT_STATE);
    }
    return Nd4j.stack(1, steps);
  }

  private INDArray initialState(ModelArchive model, Probe probe) {
    if (model.manifest().kind().equals(Manifest.CAPTIONER)) {
      Map<String, INDArray> seen =
          probe.pixels() == null
              ? Map.of(SameDiffGraph.FEATURES, probe.inputs().get(CaptioningRnn.IMAGE))
              : Map.of(SameDiffGraph.IMAGE, probe.pixels());
      return ask(seen, SameDiffGraph.INITIAL_STATE).get(SameDiffGraph.INITIAL_STATE);
    }
    INDArray carried = probe.inputs().get(LanguageRnn.STATE);
    return carried != null
        ? carried
        : Nd4j.zeros(
            DataType.FLOAT,
            probe.inputs().get(CaptioningRnn.WORDS).size(0),
            NetworkLayers.stateWidth(model.network()));
  }
}
