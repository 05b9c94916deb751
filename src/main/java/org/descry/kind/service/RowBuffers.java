package org.descry.kind.service;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.descry.archive.Manifest;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The inputs of a network for a few sizes of batches, made once: kernels keep buffers and
 * recordings for each size that they meet, and only for a few. A smaller batch is filled up with
 * its first row. For one thread.
 */
public final class RowBuffers {
  private final List<Buffer> buffers;

  /** The array's own memory, and the array as the network takes it. */
  private record Buffer(FloatBuffer memory, INDArray array) {
    int rows() {
      return (int) array.size(0);
    }
  }

  private RowBuffers(List<Buffer> buffers) {
    this.buffers = buffers;
  }

  /**
   * For rows of height x width x channels, as arrays N x C x H x W.
   *
   * @param sizes from 1 up
   */
  static RowBuffers ofImages(Manifest.ImageShape shape, List<Integer> sizes) {
    List<Buffer> buffers = new ArrayList<>();
    for (int size : sizes) {
      INDArray memory = zeros(size, shape.height(), shape.width(), shape.channels());
      buffers.add(new Buffer(memory.data().asNioFloat(), memory.permute(0, 3, 1, 2)));
    }
    return new RowBuffers(buffers);
  }

  /** For rows of so many numbers, as arrays N x D. */
  public static RowBuffers ofVectors(int width, List<Integer> sizes) {
    List<Buffer> buffers = new ArrayList<>();
    for (int size : sizes) {
      INDArray memory = zeros(size, width);
      buffers.add(new Buffer(memory.data().asNioFloat(), memory));
    }
    return new RowBuffers(buffers);
  }

  private static INDArray zeros(long... shape) {
    return Allocator.DETACHED.create(DataType.FLOAT, shape).assign(0);
  }

  /** The rows, and copies of the first up to the next size; holds until the next call. */
  public INDArray filled(List<float[]> rows) {
    for (Buffer buffer : buffers) {
      if (buffer.rows() >= rows.size()) {
        FloatBuffer memory = buffer.memory.duplicate().clear();
        for (int i = 0; i < buffer.rows(); i++) {
          memory.put(rows.get(i < rows.size() ? i : 0));
        }
        return buffer.array;
      }
    }
    throw new IllegalArgumentException(
        "expected at most %s rows, got %s"
            .formatted(buffers.get(buffers.size() - 1).rows(), rows.size()));
  }
}
