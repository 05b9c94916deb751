package org.descry.gradcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Checks a subject's explicit gradients against autodiff, element by element, and against central
 * differences: element by element, or along random directions through all elements of a variable.
 *
 * @param elements how many elements of a variable are differenced one by one: all of a smaller
 *     variable; of a larger one so many, and a direction through all of them; 0 for the fast mode,
 *     directions alone
 * @param seed of the choice of elements and directions
 */
public record GradientCheck(int elements, long seed) {
  /** Every element of the small arrays that layers are checked with. */
  public static final GradientCheck THOROUGH = new GradientCheck(2000, 1);

  /** A few elements of each variable: for networks, whose every value costs a forward pass. */
  public static final GradientCheck SAMPLED = new GradientCheck(12, 1);

  /** Directions alone. */
  public static final GradientCheck FAST = new GradientCheck(0, 1);

  private static final int FAST_DIRECTIONS = 3;

  /** All elements move at once, so each by less, lest one of them meets a kink. */
  private static final double DIRECTION_STEP = 1e-6;

  private static final int DIRECTION_ATTEMPTS = 4;

  /** Below this an estimate is rounding: values of size 1 times 1e-16, divided by the step. */
  private static final double FLOOR = 1e-3;

  /** Checks everything that the subject computes. */
  public Report of(Subject subject) {
    Subject.Result explicit = subject.explicit();
    Subject.Result autodiff = subject.autodiff();
    List<Report.Row> rows = new ArrayList<>();
    if (autodiff != null) {
      new TreeMap<>(explicit.outputs())
          .forEach((name, out) -> rows.add(compared(name, out, autodiff.outputs().get(name))));
    }
    Map<String, INDArray> variables = subject.variables();
    requireGradients(subject.name(), variables.keySet(), explicit.gradients().keySet());
    SplittableRandom random = new SplittableRandom(seed);
    for (Map.Entry<String, INDArray> entry : explicit.gradients().entrySet()) {
      String name = entry.getKey();
      INDArray gradient = entry.getValue();
      INDArray other = autodiff == null ? null : autodiff.gradients().get(name);
      Report.Row row = compared(name, gradient, other);
      INDArray variable = variables.get(name);
      rows.add(variable == null ? row : differenced(row, subject, variable, gradient, random));
    }
    return Report.of(subject.name(), rows);
  }

  private static void requireGradients(String subject, Set<String> variables, Set<String> got) {
    if (!got.containsAll(variables)) {
      throw new IllegalStateException(
          "%s: expected gradients of %s, got those of %s".formatted(subject, variables, got));
    }
  }

  private static Report.Row compared(String name, INDArray explicit, INDArray other) {
    Comparison comparison =
        other == null
            ? null
            : Comparison.of(explicit.shape(), Values.of(explicit), Values.of(other));
    return row(name, explicit, comparison, null, 0, 0);
  }

  private static Report.Row row(
      String name,
      INDArray array,
      Comparison autodiff,
      Comparison differences,
      int checked,
      int kinks) {
    boolean agrees =
        (autodiff == null || autodiff.agrees()) && (differences == null || differences.agrees());
    List<Long> shape = LongStream.of(array.shape()).boxed().toList();
    return new Report.Row(name, shape, autodiff, differences, checked, kinks, agrees);
  }

  private Report.Row differenced(
      Report.Row row,
      Subject subject,
      INDArray variable,
      INDArray gradient,
      SplittableRandom random) {
    double[] explicit = Values.of(gradient);
    double centre = subject.value();
    double floor = FLOOR * Math.max(1, Math.abs(centre));
    Comparison worst = null;
    int kinks = 0;
    int[] places = places(explicit.length, random);
    for (int place : places) {
      List<Long> index = Comparison.index(variable.shape(), place);
      long[] at = index.stream().mapToLong(Long::longValue).toArray();
      double value = variable.getDouble(at);
      DoubleUnaryOperator line =
          way -> {
            variable.putScalar(at, value + way);
            return subject.value();
          };
      var estimate = CentralDifferences.derivative(line, centre, CentralDifferences.STEP);
      variable.putScalar(at, value);
      if (estimate.kink()) {
        kinks++;
      } else {
        Comparison here = Comparison.of(index, explicit[place], estimate.value(), floor);
        worst = worst == null ? here : worst.worse(here);
      }
    }
    int directions = places.length == 0 ? FAST_DIRECTIONS : places.length < explicit.length ? 1 : 0;
    for (int i = 0; i < directions; i++) {
      Comparison here = alongDirection(subject, variable, explicit, centre, random);
      if (here == null) {
        kinks++;
      } else {
        worst = worst == null ? here : worst.worse(here);
      }
    }
    return row(row.name(), gradient, row.autodiff(), worst, places.length + directions, kinks);
  }

  private int[] places(int length, SplittableRandom random) {
    if (length <= elements) {
      return IntStream.range(0, length).toArray();
    }
    return random.ints(0, length).distinct().limit(elements).sorted().toArray();
  }

  /** Along a random direction of plus and minus one; null if there are kinks wherever it leads. */
  private static Comparison alongDirection(
      Subject subject,
      INDArray variable,
      double[] explicit,
      double centre,
      SplittableRandom random) {
    INDArray start = variable.dup('c');
    double step = DIRECTION_STEP;
    for (int attempt = 0; attempt < DIRECTION_ATTEMPTS; attempt++) {
      double[] signs = random.doubles(explicit.length).map(v -> v < 0.5 ? -1 : 1).toArray();
      INDArray direction = Values.array(signs, variable.shape());
      var estimate =
          CentralDifferences.derivative(
              way -> {
                variable.assign(direction.mul(way).addi(start));
                return subject.value();
              },
              centre,
              step);
      variable.assign(start);
      if (!estimate.kink()) {
        double derivative = 0;
        double squares = 0;
        for (int i = 0; i < signs.length; i++) {
          derivative += signs[i] * explicit[i];
          squares += explicit[i] * explicit[i];
        }
        double rounding = FLOOR * CentralDifferences.STEP / step * Math.max(1, Math.abs(centre));
        return Comparison.of(
            List.of(), derivative, estimate.value(), Math.max(Math.sqrt(squares), rounding));
      }
      step /= 2;
    }
    return null;
  }
}
