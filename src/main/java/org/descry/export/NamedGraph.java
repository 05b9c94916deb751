package org.descry.export;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.SameDiffGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An export whose inputs and outputs have the names of {@link SameDiffGraph}. */
@FunctionalInterface
interface NamedGraph {
  /** Outputs by name, at least those that are asked for. */
  Map<String, INDArray> ask(Map<String, INDArray> inputs, String... outputs);

  /** What it and the original answer: for all of the probe's rows at once, and for one alone. */
  default List<OutputPair> answers(ModelArchive model, Probe probe) {
    String output = SameDiffGraph.answer(model.manifest());
    ExportedKind kind = ExportedKind.of(model.manifest());
    return Stream.of(probe, probe.firstRow())
        .map(rows -> new OutputPair(output, rows.expected(model), kind.ask(this, model, rows)))
        .toList();
  }
}
