package org.descry.kind.service;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.descry.UsageException;

/**
 * A tensor that a model takes or gives.
 *
 * @param name as clients name it
 * @param datatype as the Open Inference Protocol names it: {@code FP32} or {@code BYTES}
 * @param shape the first dimension is that of the batch, -1
 */
public record TensorType(String name, String datatype, List<Long> shape) {
  public static final String FLOAT = "FP32";
  public static final String TEXT = "BYTES";

  public TensorType {
    shape = List.copyOf(shape);
  }

  /** A row of so many numbers for each question; -1 for a dimension of any size. */
  public static TensorType numbers(String name, long... row) {
    return new TensorType(name, FLOAT, rows(row));
  }

  /** A text for each question. */
  public static TensorType texts(String name) {
    return new TensorType(name, TEXT, rows());
  }

  private static List<Long> rows(long... row) {
    return LongStream.concat(LongStream.of(-1), Arrays.stream(row)).boxed().toList();
  }

  /** Values in a row. */
  public int width() {
    return Math.toIntExact(shape.stream().skip(1).reduce(1L, Math::multiplyExact));
  }

  /**
   * The tensor of this name, after a check that it is one of these.
   *
   * @throws UsageException if there are other tensors, or this is of another shape or type
   */
  public Tensor in(Map<String, Tensor> given) {
    Tensor tensor = given.get(name);
    if (tensor == null || given.size() > 1) {
      throw new UsageException(
          "The inputs are %s; expected one: %s.".formatted(given.keySet(), this));
    }
    boolean text = datatype.equals(TEXT);
    if (text != (tensor.texts() != null)) {
      throw new UsageException(
          "Input %s is of %s; expected %s.".formatted(name, tensor.datatype(), this));
    }
    if (!fits(tensor.shape())) {
      throw new UsageException(
          "Input %s has the shape %s; expected %s."
              .formatted(name, Arrays.toString(tensor.shape()), this));
    }
    return tensor;
  }

  /**
   * @param tensor that {@link #in} gave
   * @throws UsageException if one of its numbers is not finite
   */
  public void requireFinite(Tensor tensor) {
    for (float value : tensor.numbers()) {
      if (!Float.isFinite(value)) {
        throw new UsageException(
            "Input %s has the value %s; expected finite numbers.".formatted(name, value));
      }
    }
  }

  private boolean fits(long[] given) {
    // A trailing 1 is how some clients send a column of texts.
    int rank = given.length == shape.size() + 1 && given[given.length - 1] == 1 ? 1 : 0;
    if (given.length - rank != shape.size() || given[0] < 1) {
      return false;
    }
    for (int i = 1; i < shape.size(); i++) {
      if (given[i] != shape.get(i) && (shape.get(i) >= 0 || given[i] < 1)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "%s, %s [%s]"
        .formatted(
            name, datatype, shape.stream().map(String::valueOf).collect(Collectors.joining(", ")));
  }
}
