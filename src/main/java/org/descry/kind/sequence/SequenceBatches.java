package org.descry.kind.sequence;

import java.nio.FloatBuffer;
import org.descry.data.Buckets;
import org.descry.data.EpochBatches;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Batches of N sequences, all float32: features N x T tokens or N x T x D numbers, over memory of T
 * x N x D; features' mask N x T, 0 where a sequence is padded; labels N x K. T differs from batch
 * to batch.
 *
 * @param classes K
 * @param smoothing the share of a label's probability that is spread over all classes
 * @param tokens whether steps are tokens
 */
record SequenceBatches(SequenceSet set, int classes, double smoothing, boolean tokens) {

  EpochBatches epochs(Buckets buckets) {
    return buckets.epochs((rows, steps) -> new Arrays(steps, rows));
  }

  private final class Arrays implements EpochBatches.Buffer {
    final int steps;
    final int rows;
    final INDArray features;
    final INDArray mask;
    final INDArray labels;
    final FloatBuffer values;
    final FloatBuffer kept;
    final FloatBuffer targets;

    Arrays(int steps, int rows) {
      this.steps = steps;
      this.rows = rows;
      INDArray memory = tokens ? array(steps, rows) : array(steps, rows, set.width());
      features = tokens ? memory.permute(1, 0) : memory.permute(1, 0, 2);
      INDArray maskMemory = array(steps, rows);
      mask = maskMemory.permute(1, 0);
      labels = array(rows, classes);
      values = memory.data().asNioFloat();
      kept = maskMemory.data().asNioFloat();
      targets = labels.data().asNioFloat();
    }

    /** Outside every workspace, since it outlives every step. */
    private static INDArray array(long... shape) {
      return Allocator.DETACHED.create(DataType.FLOAT, shape);
    }

    @Override
    public void fill(int epoch, int[] order, int from) {
      for (int row = 0; row < rows; row++) {
        fill(row, order[from + row]);
      }
    }

    @Override
    public MultiDataSet data() {
      return new MultiDataSet(
          new INDArray[] {features}, new INDArray[] {labels}, new INDArray[] {mask}, null);
    }

    private void fill(int row, int item) {
      float[] sequence = set.steps()[item];
      int width = set.width();
      for (int t = 0; t < steps; t++) {
        int at = t * rows + row;
        boolean real = t * width < sequence.length;
        for (int d = 0; d < width; d++) {
          values.put(at * width + d, real ? sequence[t * width + d] : 0);
        }
        kept.put(at, real ? 1 : 0);
      }
      for (int k = 0; k < classes; k++) {
        double target = smoothing / classes + (k == set.labels()[item] ? 1 - smoothing : 0);
        targets.put(row * classes + k, (float) target);
      }
    }
  }
}
