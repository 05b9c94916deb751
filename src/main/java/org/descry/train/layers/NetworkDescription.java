package org.descry.train.layers;

import java.util.Optional;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.model.CaptioningRnn;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkLayers;
import org.descry.model.NetworkSummary;
import org.descry.model.SequenceRnn;

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
    InputType[] inputs =
        network.getConfiguration().getNetworkInputs().stream()
            .map(name -> input(name, network, manifest))
            .toArray(InputType[]::new);
    return Optional.of(NetworkSummary.of(network, batch, inputs));
  }

  /** As {@link #of}, in lines for a terminal. */
  public static Optional<String> text(ComputationGraph network, Manifest manifest, int batch) {
    return of(network, manifest, batch).map(NetworkSummary::text);
  }

  private static InputType input(String name, ComputationGraph network, Manifest manifest) {
    long steps = manifest.steps() == null ? 1 : manifest.steps();
    Manifest.ImageShape image = manifest.image();
    return switch (name) {
      case CaptioningRnn.IMAGE ->
          image == null
              ? InputType.feedForward(manifest.features())
              : InputType.convolutional(image.height(), image.width(), image.channels());
      case LanguageRnn.STATE -> InputType.feedForward(NetworkLayers.stateWidth(network));
      case SequenceRnn.NUMBERS -> InputType.recurrent(manifest.features(), steps, RNNFormat.NWC);
      default -> InputType.feedForward(steps); // tokens
    };
  }
}
