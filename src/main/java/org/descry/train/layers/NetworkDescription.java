package org.descry.train.layers;

import java.util.Optional;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.archive.NetworkInputs;
import org.descry.engine.dnn.Precision;
import org.descry.job.TrainingSettings;
import org.descry.model.NetworkSummary;
import org.descry.train.step.Fitter;

/** Describes the networks of models, whose inputs are known from the manifest. */
public final class NetworkDescription {
  private NetworkDescription() {}

  /**
   * @param batch examples of a step
   * @param precision of a step
   * @return empty for a program's own network, of whose inputs nothing is known
   */
  public static Optional<NetworkSummary> of(
      ComputationGraph network, Manifest manifest, int batch, Precision precision) {
    if (manifest.kind().equals(Manifest.NETWORK)) {
      return Optional.empty();
    }
    long steps = manifest.steps() == null ? 1 : manifest.steps();
    NetworkInputs takes = new NetworkInputs(manifest, network);
    InputType[] inputs =
        takes.names().stream().map(name -> takes.type(name, steps)).toArray(InputType[]::new);
    return Optional.of(NetworkSummary.of(network, batch, precision, inputs));
  }

  /** On the batches of a training. */
  public static Optional<NetworkSummary> of(
      ComputationGraph network, Manifest manifest, TrainingSettings training) {
    return of(network, manifest, training.batchSize(), Fitter.precision(training));
  }

  /** As {@link #of}, in lines for a terminal. */
  public static Optional<String> text(
      ComputationGraph network, Manifest manifest, int batch, Precision precision) {
    return of(network, manifest, batch, precision).map(NetworkSummary::text);
  }

  /** As {@link #of}, in lines for a terminal. */
  public static Optional<String> text(
      ComputationGraph network, Manifest manifest, TrainingSettings training) {
    return of(network, manifest, training).map(NetworkSummary::text);
  }
}
