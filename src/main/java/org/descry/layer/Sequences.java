package org.descry.layer;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** Sequences N x T x D as DL4J's input types, where D is the size and T the length. */
public final class Sequences {
  private Sequences() {}

  /** The type of sequences of the given width and number of steps. */
  public static InputType type(long width, long steps) {
    return InputType.recurrent(width, steps, RNNFormat.NWC);
  }

  /** The type of N x T words, of which the network sees N x T numbers. */
  public static InputType words(long steps) {
    return InputType.feedForward(steps);
  }

  static long width(InputType type) {
    return recurrent(type).getSize();
  }

  static long steps(InputType type) {
    return type instanceof InputType.InputTypeFeedForward words
        ? words.getSize()
        : recurrent(type).getTimeSeriesLength();
  }

  private static InputType.InputTypeRecurrent recurrent(InputType type) {
    if (type instanceof InputType.InputTypeRecurrent sequence) {
      if (sequence.getFormat() != RNNFormat.NWC) {
        throw new IllegalArgumentException(
            "expected sequences N x T x D, InputType.recurrent(D, T, RNNFormat.NWC), got the format %s"
                .formatted(sequence.getFormat()));
      }
      return sequence;
    }
    throw new IllegalArgumentException("expected sequences as input, got " + type);
  }
}
