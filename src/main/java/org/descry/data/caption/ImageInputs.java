package org.descry.data.caption;

import java.nio.FloatBuffer;
import org.descry.data.Fingerprint;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a captioner sees of its images: pixels or feature vectors, held in memory once each.
 * Immutable.
 */
public sealed interface ImageInputs permits FeatureInputs, PixelInputs {
  /** Number of images. */
  int size();

  /** Shape of one image as the network sees it: {@code [C, H, W]} or {@code [D]}. */
  long[] shape();

  /**
   * Writes one image as floats, channels last, to {@code out} from {@code offset} on; the buffer's
   * position stays.
   */
  void fill(int image, FloatBuffer out, int offset);

  /** Returns the images of {@code images}, in that order, sharing the memory of this one. */
  ImageInputs select(int[] images);

  /** Adds all of it. */
  void addTo(Fingerprint fingerprint);

  /** Number of floats of one image. */
  default int floats() {
    int floats = 1;
    for (long size : shape()) {
      floats = Math.multiplyExact(floats, Math.toIntExact(size));
    }
    return floats;
  }

  /**
   * Allocates an uninitialised float32 array for {@code n} images outside every workspace: N x C x
   * H x W as a permuted view over channels-last memory, or N x D.
   */
  default INDArray allocate(int n) {
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      long[] shape = shape();
      if (shape.length == 1) {
        return Nd4j.createUninitialized(DataType.FLOAT, n, shape[0]);
      }
      return Nd4j.createUninitialized(DataType.FLOAT, n, shape[1], shape[2], shape[0])
          .permute(0, 3, 1, 2);
    }
  }

  /** Returns images {@code from} (inclusive) to {@code to} (exclusive) in a new array. */
  default INDArray batch(int from, int to) {
    INDArray batch = allocate(to - from);
    FloatBuffer out = batch.data().asNioFloat();
    int floats = floats();
    for (int i = from; i < to; i++) {
      fill(i, out, (i - from) * floats);
    }
    return batch;
  }
}
