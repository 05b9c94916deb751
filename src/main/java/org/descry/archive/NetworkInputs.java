package org.descry.archive;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.layer.AbstractRnnVertex;
import org.descry.layer.Sequences;
import org.descry.model.CaptioningRnn;
import org.descry.model.LanguageRnn;
import org.descry.model.SequenceRnn;

/** What a network takes, as its manifest and its own layers say. */
record NetworkInputs(Manifest manifest, ComputationGraph network) {
  List<String> names() {
    return network.getConfiguration().getNetworkInputs();
  }

  boolean isWords(String input) {
    return input.equals(CaptioningRnn.WORDS);
  }

  /** How many answers the manifest has names for, 0 if it has none. */
  int answers() {
    if (manifest.labels() != null) {
      return manifest.labels().size();
    }
    return words();
  }

  /** How many words the manifest has, 0 if it has none. */
  int words() {
    if (manifest.vocabulary() != null) {
      return manifest.vocabulary().size();
    }
    return manifest.text() == null ? 0 : manifest.text().size();
  }

  InputType type(String input) {
    return switch (input) {
      case CaptioningRnn.WORDS -> Sequences.words(1);
      case LanguageRnn.STATE -> InputType.feedForward(stateWidth());
      case SequenceRnn.NUMBERS -> Sequences.type(manifest.features(), 1);
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
  long[] shape(String input, int rows, int steps) {
    if (isWords(input)) {
      return new long[] {rows, steps};
    }
    if (input.equals(SequenceRnn.NUMBERS)) {
      return new long[] {rows, steps, manifest.features()};
    }
    List<Long> shape = new ArrayList<>(List.of((long) rows));
    for (long side : type(input).getShape(false)) {
      shape.add(side);
    }
    return shape.stream().mapToLong(side -> side).toArray();
  }
}
