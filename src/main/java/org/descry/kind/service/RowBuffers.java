package org.descry.kind.service;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.descry.archive.Manifest;
import org.descry.engine.Allocator;
import org.descry.engine.Rows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The inputs of a network for a few sizes of batches, made once: kernels keep buffers and
 * recordings for each size that they meet, and only for a few. For one thread.
 */
public final class RowBuffers {
  private final List<Buffer> buffers;

  /** The array's own memory, and the array as the network takes it. */
  private static final class Buffer {
    private final FloatBuffer memory;
    private final INDArray array;
    private INDArray output;
    private Rows read;

    Buffer(FloatBuffer memory, INDArray array) {
      this.memory = memory;
      this.array = array;
    }

    int rows() {
      return (int) array.size(0);
    }

    INDArray filled(List<float[]> rows) {
      FloatBuffer into = memory.duplicate().clear();
      for (int i = 0; i < rows(); i++) {
        into.put(rows.get(i < rows.size() ? i : 0));
      }
      return array;
    }

    /** To look into an array takes longer than to read a row: a recording's stays the same. */
    Rows rows(INDArray now) {
      if (now != output) {
        output = now;
        read = Rows.of(now);
      }
      return read;
    }
  }

  private RowBuffers(List<Buffer> buffers) {
    this.buffers = buffers;
  }

  /**
   * For rows of height x width x channels, as arrays N x C x H x W.
   *
   * @param sizes ascending, from 1
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
        return buffer.filled(rows);
      }
    }
    throw new IllegalArgumentException(
        "expected at most %s rows, got %s"
            .formatted(buffers.get(buffers.size() - 1).rows(), rows.size()));
  }

  /**
   * A network's answers to rows, however many, in their order: in batches of the sizes there are,
   * the largest first, so that nothing is filled up.
   *
   * @param network makes a matrix with a row for each one of its input
   */
  public List<float[]> answers(List<float[]> rows, UnaryOperator<INDArray> network) {
    List<float[]> answers = new ArrayList<>(rows.size());
    while (answers.size() < rows.size()) {
      List<float[]> left = rows.subList(answers.size(), rows.size());
      Buffer buffer = largest(left.size());
      Rows answered = buffer.rows(network.apply(buffer.filled(left)));
      for (int i = 0; i < buffer.rows(); i++) {
        answers.add(answered.floats(i));
      }
    }
    return answers;
  }

  /** Of those with at most so many rows. */
  private Buffer largest(int atMost) {
    Buffer largest = buffers.get(0);
    for (Buffer buffer : buffers) {
      largest = buffer.rows() <= atMost ? buffer : largest;
    }
    return largest;
  }
}
