package org.descry.archive;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.layer.AbstractRnnVertex;
import org.descry.layer.Sequences;
import org.descry.model.NetworkModel;

/** What a network takes, as its manifest and its own layers say. */
public record NetworkInputs(Manifest manifest, ComputationGraph network) {
  public List<String> names() {
    return network.getConfiguration().getNetworkInputs();
  }

  public boolean isWords(String input) {
    return input.equals(NetworkModel.WORDS);
  }

  /** How many answers the manifest has names for, 0 if it has none. */
  int answers() {
    if (manifest.labels() != null) {
      return manifest.labels().size();
    }
    return words();
  }

  /** How many words the manifest has, 0 if it has none. */
  public int words() {
    if (manifest.vocabulary() != null) {
      return manifest.vocabulary().size();
    }
    return manifest.text() == null ? 0 : manifest.text().size();
  }

  /**
   * What DL4J calls an input.
   *
   * @param steps of a sequence
   */
  public InputType type(String input, long steps) {
    return switch (input) {
      case NetworkModel.WORDS -> Sequences.words(steps);
      case NetworkModel.STATE -> InputType.feedForward(stateWidth());
      case NetworkModel.NUMBERS -> Sequences.type(manifest.features(), steps);
      default ->
          manifest.image() == null
              ? InputType.feedForward(manifest.features())
              : InputType.convolutional(
                  manifest.image().height(), manifest.image().width(), manifest.image().channels());
    };
  }

  private long stateWidth() {
    return network.getConfiguration().getVertices().values().stream()
        .filter(AbstractRnnVertex.class::isInstance)
        .mapToLong(vertex -> ((AbstractRnnVertex) vertex).stateWidth())
        .findFirst()
        .orElse(1);
  }

  /** Of an array of so many rows, and of so many steps if it is of words or of steps of numbers. */
  public long[] shape(String input, int rows, int steps) {
    if (isWords(input)) {
      return new long[] {rows, steps};
    }
    if (input.equals(NetworkModel.NUMBERS)) {
      return new long[] {rows, steps, manifest.features()};
    }
    List<Long> shape = new ArrayList<>(List.of((long) rows));
    for (long side : type(input, steps).getShape(false)) {
      shape.add(side);
    }
    return shape.stream().mapToLong(side -> side).toArray();
  }
}
