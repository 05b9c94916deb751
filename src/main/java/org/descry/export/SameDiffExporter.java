package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.model.CaptioningRnn;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkLayers;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
    String output = SameDiffGraph.answer(model.manifest());
    return List.of(
        new OutputPair(
            output, probe.expected(model), found(graph, model.manifest(), probe, output)));
  }

  private static INDArray found(SameDiff graph, Manifest manifest, Probe probe, String output) {
    if (manifest.kind().equals(Manifest.CLASSIFIER)) {
      return graph.outputSingle(Map.of(SameDiffGraph.IMAGE, probe.pixels()), output);
    }
    INDArray state = initialState(graph, manifest, probe);
    INDArray words = probe.inputs().get(CaptioningRnn.WORDS);
    INDArray[] steps = new INDArray[(int) words.size(1)];
    for (int t = 0; t < steps.length; t++) {
      INDArray word = words.getColumn(t).castTo(DataType.INT);
      Map<String, INDArray> step =
          graph.output(
              Map.of(SameDiffGraph.WORD, word, SameDiffGraph.STATE, state),
              output,
              SameDiffGraph.NEXT_STATE);
      steps[t] = step.get(output);
      state = step.get(SameDiffGraph.NEXT_STATE);
    }
    return Nd4j.stack(1, steps);
  }

  private static INDArray initialState(SameDiff graph, Manifest manifest, Probe probe) {
    if (manifest.kind().equals(Manifest.CAPTIONER)) {
      Map<String, INDArray> seen =
          probe.pixels() == null
              ? Map.of(SameDiffGraph.FEATURES, probe.inputs().get(CaptioningRnn.IMAGE))
              : Map.of(SameDiffGraph.IMAGE, probe.pixels());
      return graph.outputSingle(seen, SameDiffGraph.INITIAL_STATE);
    }
    INDArray carried = probe.inputs().get(LanguageRnn.STATE);
    return carried != null
        ? carried
        : Nd4j.zeros(
            DataType.FLOAT,
            probe.inputs().get(CaptioningRnn.WORDS).size(0),
            graph.getVariable(SameDiffGraph.STATE).placeholderShape()[1]);
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    return new SameDiffUsage(model.manifest(), NetworkLayers.stateWidth(model.network()))
        .text(files.get(0));
  }
}
