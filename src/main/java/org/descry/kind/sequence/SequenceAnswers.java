package org.descry.kind.sequence;

import java.util.Arrays;
import org.descry.data.Buckets;
import org.descry.data.EpochBatches;
import org.descry.kind.ClassScores;
import org.descry.replay.RecordedOutput;

/**
 * A sequence classifier's answers.
 *
 * @param outputs the network's, one row a sequence
 * @param loss mean loss, without the L2 penalty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SequenceAnswers(float[][] outputs, double loss) {
  /** Sequences of one pass. */
  private static final int ROWS = 100;

  /** Asks about every sequence, those of about one length together. */
  static SequenceAnswers of(RecordedOutput network, SequenceBatches batches) {
    SequenceSet set = batches.set();
    Buckets buckets = Buckets.inOrder(set.lengths(), ROWS);
    float[][] outputs = new float[set.size()][];
    double loss = 0;
    try (EpochBatches epoch = batches.epochs(buckets)) {
      for (int i = 0; i < buckets.batches(); i++) {
        RecordedOutput.Answers given = network.score(epoch.next());
        loss += given.losses().sumNumber().doubleValue();
        float[][] rows = given.outputs().get(0).toFloatMatrix();
        int[] items = buckets.batch(0, i).items();
        for (int row = 0; row < rows.length; row++) {
          outputs[items[row]] = rows[row];
        }
      }
    }
    return new SequenceAnswers(outputs, loss / set.size());
  }

  /** The best class of each. */
  int[] classes() {
    return Arrays.stream(outputs).mapToInt(ClassScores::best).toArray();
  }

  /** Share of right answers. */
  double accuracy(int[] labels) {
    return ClassScores.accuracy(labels, classes());
  }
}
