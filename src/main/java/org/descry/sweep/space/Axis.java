package org.descry.sweep.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.adapter.ParameterSpaceAdapter;
import org.deeplearning4j.arbiter.optimize.distribution.LogUniformDistribution;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;

/**
 * A searched setting and the Arbiter space that its values come from.
 *
 * @param dimension the setting
 * @param space of its values
 * @param place of a value in the space, as Arbiter numbers it from 0 to 1; NaN for others
 * @param samples values that the job has to accept, the ends among them
 * @param size how many values there are; infinite for a continuum
 * @param conditions which all have to hold, else the setting is absent
 */
public record Axis(
    Dimension dimension,
    ParameterSpace<JsonNode> space,
    ToDoubleFunction<JsonNode> place,
    List<JsonNode> samples,
    double size,
    List<Condition> conditions) {
  /** Values are rounded to so many digits, so that they read well and are the same everywhere. */
  private static final MathContext DIGITS = new MathContext(6);

  private static final double HALF = 0.5;

  /** A place between the ends that no round bounds turn into a round number. */
  private static final double BETWEEN = 0.381966;

  public Axis {
    samples = List.copyOf(samples);
    conditions = List.copyOf(conditions);
  }

  /** The same axis with more conditions. */
  public Axis when(List<Condition> more) {
    return new Axis(
        dimension,
        space,
        place,
        samples,
        size,
        Stream.concat(conditions.stream(), more.stream()).distinct().toList());
  }

  /** Whether a candidate with these settings has this one too. */
  public boolean isActive(Map<String, JsonNode> settings) {
    return conditions.stream().allMatch(condition -> condition.holds(settings));
  }

  /** Whether a condition names the other axis. */
  boolean waitsFor(Axis other) {
    return conditions.stream()
        .anyMatch(condition -> condition.key().equals(other.dimension().key()));
  }

  /** Whether there are finitely many values. */
  public boolean isFinite() {
    return size < Double.POSITIVE_INFINITY;
  }

  /** Whether the value is one of the space's. */
  public boolean draws(JsonNode value) {
    return !Double.isNaN(place.applyAsDouble(value));
  }

  /** The equal value of the list, for a number may be written in another way; else the value. */
  public JsonNode own(JsonNode value) {
    int index = isListed() ? indexOf(value, samples) : -1;
    return index < 0 ? value : samples.get(index);
  }

  /** Whether the setting has a number among Arbiter's: one of a single value has none. */
  public boolean isFree() {
    return space.numParameters() > 0;
  }

  /** Whether neighbouring values are alike, as they are not in a choice without an order. */
  public boolean isScale() {
    return dimension.kind() != Dimension.Kind.CHOICE;
  }

  /** Whether the space has exactly these values, all of them among the samples. */
  public boolean isListed() {
    return samples.size() == size;
  }

  /**
   * @param ordered whether neighbours in the list are alike
   */
  public static Axis choice(String key, List<JsonNode> values, boolean ordered) {
    return finite(key, ordered ? Dimension.Kind.ORDERED : Dimension.Kind.CHOICE, values);
  }

  /**
   * @param points how many of the values to list, evenly; null for a range that is not listed
   */
  public static Axis integers(String key, long from, long to, long step, Long points) {
    int count = (int) ((to - from) / step) + 1;
    IntFunction<JsonNode> value = i -> whole(from + step * i);
    if (count == 1 || points != null) {
      int listed = (int) Math.min(count, points == null ? 1 : points);
      double stride = (count - 1.0) / Math.max(1, listed - 1);
      return finite(
          key,
          Dimension.Kind.INTEGER,
          IntStream.range(0, listed)
              .map(i -> (int) Math.round(i * stride))
              .mapToObj(value)
              .toList());
    }
    return new Axis(
        new Dimension(key, Dimension.Kind.INTEGER),
        new Converted<>(new IntegerParameterSpace(0, count - 1), value::apply),
        number ->
            number.isIntegralNumber()
                    && number.longValue() >= from
                    && number.longValue() <= to
                    && (number.longValue() - from) % step == 0
                ? ((number.longValue() - from) / step + HALF) / count
                : Double.NaN,
        List.of(value.apply(0), value.apply(count - 1)),
        count,
        List.of());
  }

  /**
   * Whole numbers, each order of magnitude as likely as the next.
   *
   * @param points how many to take, evenly on a logarithmic scale; null for a range
   */
  public static Axis logIntegers(String key, long from, long to, Integer points) {
    if (from == to) {
      return finite(key, Dimension.Kind.LOG_INTEGER, List.of(whole(from)));
    }
    // Each whole number has what rounds to it.
    RealDistribution distribution = new LogUniformDistribution(from - HALF, to + HALF);
    Function<Double, JsonNode> value =
        number -> whole(Math.min(to, Math.max(from, Math.round(number))));
    if (points != null) {
      RealDistribution whole = new LogUniformDistribution(from, to);
      return finite(key, Dimension.Kind.LOG_INTEGER, evenly(whole, points, value));
    }
    return new Axis(
        new Dimension(key, Dimension.Kind.LOG_INTEGER),
        new Converted<>(new ContinuousParameterSpace(distribution), value),
        number ->
            number.isIntegralNumber() && number.longValue() >= from && number.longValue() <= to
                ? distribution.cumulativeProbability(number.longValue())
                : Double.NaN,
        List.of(whole(from), whole(to)),
        to - from + 1.0,
        List.of());
  }

  /**
   * Numbers about a mean, at most three standard deviations away.
   *
   * @param points how many values to take, equally likely ones; null for a continuum
   */
  public static Axis normal(String key, double mean, double deviation, Integer points) {
    return real(key, Dimension.Kind.NORMAL, new CutNormal(mean, deviation), points);
  }

  /**
   * @param points how many values to take, evenly; null for a continuum
   */
  public static Axis uniform(String key, double from, double to, Integer points) {
    return real(key, Dimension.Kind.UNIFORM, new UniformRealDistribution(null, from, to), points);
  }

  /**
   * @param points how many values to take, evenly on a logarithmic scale; null for a continuum
   */
  public static Axis logUniform(String key, double from, double to, Integer points) {
    return real(key, Dimension.Kind.LOG_UNIFORM, new LogUniformDistribution(from, to), points);
  }

  private static List<JsonNode> evenly(
      RealDistribution distribution, int points, Function<Double, JsonNode> value) {
    return IntStream.range(0, points)
        .mapToObj(i -> value.apply(distribution.inverseCumulativeProbability(i / (points - 1.0))))
        .distinct()
        .toList();
  }

  private static Axis real(
      String key, Dimension.Kind kind, RealDistribution distribution, Integer points) {
    double from = distribution.getSupportLowerBound();
    double to = distribution.getSupportUpperBound();
    Function<Double, JsonNode> value =
        number -> {
          double rounded = new BigDecimal(number).round(DIGITS).doubleValue();
          return DoubleNode.valueOf(Math.min(to, Math.max(from, rounded)));
        };
    if (points != null) {
      return finite(key, kind, evenly(distribution, points, value));
    }
    return new Axis(
        new Dimension(key, kind),
        new Converted<>(new ContinuousParameterSpace(distribution), value),
        number ->
            number.isNumber() && number.doubleValue() >= from && number.doubleValue() <= to
                ? distribution.cumulativeProbability(number.doubleValue())
                : Double.NaN,
        List.of(
            value.apply(from),
            value.apply(distribution.inverseCumulativeProbability(BETWEEN)),
            value.apply(to)),
        Double.POSITIVE_INFINITY,
        List.of());
  }

  /**
   * A space of one value has no parameter: Arbiter's grid gives such a one no place among its
   * numbers, but counts it when it hands them out.
   */
  private static Axis finite(String key, Dimension.Kind kind, List<JsonNode> values) {
    return new Axis(
        new Dimension(key, kind),
        values.size() == 1 ? new FixedValue<>(values.get(0)) : new DiscreteParameterSpace<>(values),
        value -> {
          int index = indexOf(value, values);
          return index < 0 ? Double.NaN : (index + HALF) / values.size();
        },
        values,
        values.size(),
        List.of());
  }

  /** Of an equal value; numbers are equal whatever their type. */
  private static int indexOf(JsonNode value, List<JsonNode> values) {
    for (int i = 0; i < values.size(); i++) {
      JsonNode other = values.get(i);
      if (other.equals(value)
          || (other.isNumber()
              && value.isNumber()
              && other.decimalValue().compareTo(value.decimalValue()) == 0)) {
        return i;
      }
    }
    return -1;
  }

  private static JsonNode whole(long value) {
    return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
  }

  /** A space of numbers, as settings. */
  private static final class Converted<F> extends ParameterSpaceAdapter<F, JsonNode> {
    private final ParameterSpace<F> numbers;
    private final Function<F, JsonNode> value;

    Converted(ParameterSpace<F> numbers, Function<F, JsonNode> value) {
      this.numbers = numbers;
      this.value = value;
    }

    @Override
    protected JsonNode convertValue(F number) {
      return value.apply(number);
    }

    @Override
    protected ParameterSpace<F> underlying() {
      return numbers;
    }

    @Override
    protected String underlyingName() {
      return "numbers";
    }
  }
}
