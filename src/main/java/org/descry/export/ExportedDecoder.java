package org.descry.export;

import java.util.Map;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.model.CaptioningRnn;
import org.descry.model.NetworkLayers;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What writes word by word: a graph's step goes on from a state. */
abstract class ExportedDecoder extends ExportedKind {
  ExportedDecoder(Manifest manifest) {
    super(manifest);
  }

  /** Where a graph's first step begins, N x (L S H). */
  abstract INDArray initialState(NamedGraph graph, ModelArchive model, Probe probe);

  final Signature addStep(Signature signature, ModelArchive model, String numbers) {
    String state = "N x " + NetworkLayers.stateWidth(model.network());
    return signature
        .add("input", SameDiffGraph.WORD, "N", numbers, "the last word, 0 to " + (words() - 1))
        .add("input", SameDiffGraph.STATE, state, "the state before that word")
        .add(
            "output",
            SameDiffGraph.PROBABILITIES,
            "N x " + words(),
            "of the next word, 0 to 1; a row's sum is 1")
        .add("output", SameDiffGraph.NEXT_STATE, state, "the state after that word");
  }

  final int words() {
    return manifest.outputNames().size();
  }

  @Override
  INDArray ask(NamedGraph graph, ModelArchive model, Probe probe) {
    INDArray words = probe.inputs().get(CaptioningRnn.WORDS);
    INDArray state = initialState(graph, model, probe);
    INDArray[] steps = new INDArray[(int) words.size(1)];
    for (int t = 0; t < steps.length; t++) {
      INDArray word = words.getColumn(t).castTo(DataType.INT);
      Map<String, INDArray> step =
          graph.ask(
              Map.of(SameDiffGraph.WORD, word, SameDiffGraph.STATE, state),
              SameDiffGraph.PROBABILITIES,
              SameDiffGraph.NEXT_STATE);
      steps[t] = step.get(SameDiffGraph.PROBABILITIES);
      state = step.get(SameDiffGraph.NEXT_STATE);
    }
    return Nd4j.stack(1, steps);
  }
}
