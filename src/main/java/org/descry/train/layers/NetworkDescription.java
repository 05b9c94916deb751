package org.descry.train.layers;

import java.util.Optional;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.archive.NetworkInputs;
import org.descry.model.NetworkSummary;

/** Describes the networks of models, whose inputs are known from the manifest. */
public final class NetworkDescription {
  private NetworkDescription() {}

  /**
   * @param batch examples of a step
   * @return empty for a program's own network, of whose inputs nothing is known
   */
  public static Optional<NetworkSummary> of(
      ComputationGraph network, Manifest manifest, int batch) {
    if (manifest.kind().equals(Manifest.NETWORK)) {
      return Optional.empty();
    }
    long steps = manifest.steps() == null ? 1 : manifest.steps();
    NetworkInputs takes = new NetworkInputs(manifest, network);
    InputType[] inputs =
        takes.names().stream().map(name -> takes.type(name, steps)).toArray(InputType[]::new);
    return Optional.of(NetworkSummary.of(network, batch, inputs));
  }

  /** As {@link #of}, in lines for a terminal. */
  public static Optional<String> text(ComputationGraph network, Manifest manifest, int batch) {
    return of(network, manifest, batch).map(NetworkSummary::text);
  }
}
