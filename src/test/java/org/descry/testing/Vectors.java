package org.descry.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One published case of {@code shared/vectors}: inputs and parameters of a function, the result
 * that was published for them, and the same result recomputed at full precision. Arrays are float64
 * in c order.
 */
public final class Vectors {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double FLOOR = 1e-8;

  private final String name;
  private final JsonNode root;

  private Vectors(String name, JsonNode root) {
    this.name = name;
    this.root = root;
  }

  /**
   * Reads {@code vectors/<name>.json}.
   *
   * @throws org.opentest4j.TestAbortedException where the shared material is missing
   */
  public static Vectors load(String name) {
    try {
      return new Vectors(
          name, MAPPER.readTree(Shared.require("vectors/" + name + ".json").toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An input array, such as {@code x}. */
  public INDArray input(String key) {
    return array("/inputs/" + key);
  }

  /** A published result; its literals are rounded to eight decimals where the source printed so. */
  public INDArray expected(String key) {
    return array("/expected/" + key);
  }

  /** The published result recomputed in float64 at full precision. */
  public INDArray recomputed(String key) {
    return array("/recomputed_full_precision_not_published/" + key);
  }

  /** A numeric parameter, such as {@code stride}. */
  public double param(String key) {
    return node("/params/" + key).doubleValue();
  }

  /** A numeric parameter that is a whole number. */
  public int intParam(String key) {
    return node("/params/" + key).intValue();
  }

  /** Any part of the file, by JSON pointer. */
  public JsonNode node(String pointer) {
    JsonNode node = root.at(pointer);
    if (node.isMissingNode()) {
      throw new NoSuchElementException("vectors/" + name + ".json has no " + pointer);
    }
    return node;
  }

  /**
   * The shape that an entry of {@code gradient_checks.json} prescribes for an input.
   *
   * @param function value of the entry's {@code function}
   * @param input key of its {@code input_shapes}
   */
  public static long[] checkShape(String function, String input) {
    Iterator<JsonNode> entries = load("gradient_checks").node("/entries").elements();
    while (entries.hasNext()) {
      JsonNode entry = entries.next();
      if (entry.path("function").asText().equals(function)) {
        return longs(entry.path("input_shapes").path(input));
      }
    }
    throw new NoSuchElementException("no gradient check of " + function);
  }

  /**
   * The metric of the published cases: the largest {@code |a-b| / max(1e-8, |a|+|b|)}. A NaN on
   * either side counts as infinitely wrong.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public static double relativeError(INDArray a, INDArray b) {
    return relativeError(a, b, FLOOR);
  }

  /** As {@link #relativeError(INDArray, INDArray)}, with another floor of the denominator. */
  public static double relativeError(INDArray a, INDArray b, double floor) {
    Tensor left = Tensor.of(a);
    Tensor right = Tensor.of(b);
    left.requireShape(right.shape());
    double worst = 0;
    for (int i = 0; i < left.length(); i++) {
      double error = relativeError(left.flat(i), right.flat(i), floor);
      worst = Math.max(worst, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error);
    }
    return worst;
  }

  static double relativeError(double a, double b, double floor) {
    return Math.abs(a - b) / Math.max(floor, Math.abs(a) + Math.abs(b));
  }

  private INDArray array(String pointer) {
    JsonNode node = node(pointer);
    JsonNode data = node.path("data");
    double[] values = new double[data.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.get(i).doubleValue();
    }
    return Nd4j.createFromArray(values)
        .castTo(DataType.DOUBLE)
        .reshape('c', longs(node.path("shape")));
  }

  private static long[] longs(JsonNode list) {
    long[] values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).longValue();
    }
    return values;
  }
}
