package org.descry.kind.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.EpochBatches;
import org.descry.data.text.TextBatches;
import org.descry.job.TextDataSettings.Sequences;
import org.descry.model.CarriedState;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkLayers;
import org.descry.replay.RecordedOutput;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The loss of a language model on a part of a text: one figure for one model and one text, whatever
 * the sizes of the batches that it was trained in.
 *
 * <p>A running text is read as a single stretch from a state of zeros: every token but the first is
 * predicted from all that stand before it. Lines are read one by one, each from a state of zeros;
 * every token but the first of a line is predicted, and the end of the line, if the vocabulary has
 * one. Lines are whole, up to {@value #LONGEST_LINE} predictions, even if training cuts them.
 *
 * @param loss mean over the tokens that are predicted, in nats, without the L2 penalty
 * @param predicted how many those are
 */
record TextEvaluation(double loss, long predicted) {
  /** The same as the longest training sequence. */
  private static final int LONGEST_LINE = 10_000;

  /** Scores of one pass: sixteen megabytes of each array that is as large. */
  private static final int SCORES = 1 << 22;

  private static final int LONGEST_STRETCH = 1000;

  /** Measures a network with the layer names of {@link LanguageRnn}. */
  static TextEvaluation of(ComputationGraph network, TextParts.Part part) {
    int cells = Math.max(1, SCORES / LanguageRnn.vocabulary(network));
    return part.kind() == Sequences.RUNNING
        ? running(network, part.lines()[0], Math.min(LONGEST_STRETCH, cells))
        : lines(network, part.lines(), cells);
  }

  private static TextEvaluation running(ComputationGraph network, int[] tokens, int steps) {
    CarriedState state = new CarriedState(NetworkLayers.stateWidth(network));
    RecordedOutput asked = RecordedOutput.of(network);
    double sum = 0;
    try (EpochBatches batches =
        TextBatches.running(tokens, 1, Math.min(steps, tokens.length - 1))) {
      while (batches.hasNext()) {
        sum += sum(asked, state.with(batches.next()));
        state.keep(network);
      }
    }
    return new TextEvaluation(sum / (tokens.length - 1), tokens.length - 1);
  }

  /**
   * @param cells rows times steps of a batch
   */
  private static TextEvaluation lines(ComputationGraph network, int[][] lines, int cells) {
    RecordedOutput asked = RecordedOutput.of(network);
    double sum = 0;
    long predicted = 0;
    for (int[][] group : groups(lines, cells)) {
      int steps = Math.min(LONGEST_LINE, group[group.length - 1].length - 1);
      try (EpochBatches batches = TextBatches.sentences(group, group.length, steps, 0)) {
        MultiDataSet batch = batches.next();
        sum += sum(asked, batch);
        predicted += batch.getLabelsMaskArray(0).sumNumber().longValue();
      }
    }
    return new TextEvaluation(sum / predicted, predicted);
  }

  /** Lines of about the same length together. */
  private static List<int[][]> groups(int[][] lines, int cells) {
    int[][] sorted =
        Arrays.stream(lines)
            .filter(line -> line.length > 1)
            .sorted(Comparator.comparingInt(line -> line.length))
            .toArray(int[][]::new);
    List<int[][]> groups = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= sorted.length; to++) {
      if (to == sorted.length || (to + 1L - from) * (sorted[to].length - 1) > cells) {
        groups.add(Arrays.copyOfRange(sorted, from, to));
        from = to;
      }
    }
    return groups;
  }

  private static double sum(RecordedOutput network, MultiDataSet batch) {
    return Arrays.stream(network.losses(batch).toDoubleVector()).sum();
  }
}
