package org.descry.train.network;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.archive.NetworkZip;
import org.descry.job.TrainingSettings;
import org.descry.metrics.Metric;
import org.descry.replay.RecordedOutput;
import org.descry.train.Task;
import org.descry.train.step.Batches;

/**
 * A program's network and the iterators of its data.
 *
 * @param asked the use of the network
 * @param scores the program's own figures of a network, by name
 */
record NetworkTask(
    ComputationGraph network,
    RecordedOutput asked,
    TrainingSettings settings,
    IteratorBatches train,
    IteratorBatches validation,
    IteratorBatches test,
    Map<String, ToDoubleFunction<ComputationGraph>> scores)
    implements Task {

  @Override
  public Data data() {
    int[] sizes = {train.examples(), validation.examples(), test.examples()};
    return new Data(
        "examples", sizes[0], sizes[1], sizes[2], fingerprint -> fingerprint.add(sizes));
  }

  @Override
  public Batches batches() {
    return new Batches(train, settings, IteratorBatches::rows);
  }

  @Override
  public List<Metric> metrics() {
    return List.of();
  }

  @Override
  public Validation validate() {
    return new Validation(loss(asked, validation), scores(network));
  }

  private Map<String, Double> scores(ComputationGraph measured) {
    Map<String, Double> figures = new TreeMap<>();
    scores.forEach((name, score) -> figures.put(name, score.applyAsDouble(measured)));
    return figures;
  }

  private static double loss(RecordedOutput output, IteratorBatches part) {
    double sum = 0;
    for (part.start(0, 0); part.hasNext(); ) {
      sum += output.losses(part.next()).sumNumber().doubleValue();
    }
    return sum / part.examples();
  }

  @Override
  public Manifest manifest(Manifest.Provenance provenance) {
    return Manifest.network(provenance);
  }

  @Override
  public ComputationGraph read(Path model) {
    return NetworkZip.read(model, network);
  }

  @Override
  public Test test(ComputationGraph best) {
    return new Test(
        new NetworkEvaluation(loss(RecordedOutput.of(best), test), scores(best)), List.of());
  }
}
