package org.descry.kind.sequence;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.descry.data.Fingerprint;

/**
 * Labelled sequences.
 *
 * @param steps of each sequence, T x D in row-major order: numbers of tokens (D is 1), or numbers
 * @param width D
 * @param labels of the classes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SequenceSet(float[][] steps, int width, int[] labels) {
  int size() {
    return labels.length;
  }

  /** T of each. */
  int[] lengths() {
    return Arrays.stream(steps).mapToInt(sequence -> sequence.length / width).toArray();
  }

  /** The steps of all. */
  int longest() {
    return Arrays.stream(lengths()).max().orElse(1);
  }

  /** The first of them. */
  SequenceSet first(int count) {
    return count >= size()
        ? this
        : new SequenceSet(Arrays.copyOf(steps, count), width, Arrays.copyOf(labels, count));
  }

  void addTo(Fingerprint fingerprint) {
    fingerprint.add(labels);
    IntStream.range(0, size()).forEach(i -> fingerprint.add(steps[i]));
  }
}
