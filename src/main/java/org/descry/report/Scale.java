package org.descry.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Where values lie on an axis of a chart, and which of them are labelled.
 *
 * <p>Values that cannot be drawn (NaN, infinite, beyond 1e100, not positive on a logarithmic axis)
 * have no place and do not move the ends.
 */
public final class Scale {
  private static final double LARGEST = 1e100;
  private static final double SMALLEST = 1e-100;

  /** From this ratio of largest to smallest on, values are drawn on a logarithmic axis. */
  private static final double WIDE = 1000;

  /** From this ratio on, losses are worth a second, logarithmic drawing. */
  private static final double WIDE_LOSSES = 4;

  /** A label at a share of the axis's length. */
  public record Tick(double share, String label) {}

  private final boolean logarithmic;
  private final double low;
  private final double high;
  private final List<Tick> ticks = new ArrayList<>();

  /** The ends are logarithms to the base of 10 if the axis is logarithmic. */
  private Scale(boolean logarithmic, double low, double high) {
    this.logarithmic = logarithmic;
    this.low = low;
    this.high = high;
  }

  /** An axis whose ends are rounded outwards to its ticks. */
  public static Scale linear(Collection<Double> values) {
    DoubleSummaryStatistics range = range(values, false);
    double value = Math.abs(range.getMin());
    boolean constant = range.getMin() == range.getMax() && value >= SMALLEST;
    double step = tickStep(constant ? value : spread(range));
    double low = Math.floor(range.getMin() / step) * step - (constant ? step : 0);
    double high =
        Math.max(low + (constant ? 2 : 1) * step, Math.ceil(range.getMax() / step) * step);
    Scale scale = new Scale(false, low, high);
    scale.addRoundTicks(step, low, high);
    return scale;
  }

  /** An axis of positive values by their magnitude. */
  public static Scale logarithmic(Collection<Double> values) {
    DoubleSummaryStatistics range = range(values, true);
    double min = Math.log10(range.getMin());
    double max = Math.log10(range.getMax());
    double margin = Math.max(0.04 * (max - min), 0.02);
    Scale scale = new Scale(true, min - margin, max + margin);
    scale.addDecades();
    if (scale.ticks.size() < 2) {
      double step = tickStep(spread(range));
      scale.ticks.clear();
      scale.addRoundTicks(step, range.getMin() - step / 2, range.getMax() + step / 2);
    }
    return scale;
  }

  /** Logarithmic if the values are positive and of very different magnitude, otherwise linear. */
  public static Scale fitting(Collection<Double> values) {
    DoubleSummaryStatistics positive = range(values, true);
    long drawn = values.stream().filter(value -> drawable(value, false)).count();
    boolean wide = positive.getCount() == drawn && positive.getMax() > WIDE * positive.getMin();
    return wide ? logarithmic(values) : linear(values);
  }

  /** Whether losses differ by so much that small ones are seen by their magnitude alone. */
  public static boolean wideLosses(Collection<Double> values) {
    DoubleSummaryStatistics all = range(values, false);
    return all.getMin() > 0 && all.getMax() > WIDE_LOSSES * all.getMin();
  }

  /** The numbers from 1 to {@code count}, such as epochs. */
  public static Scale counting(int count) {
    int last = Math.max(1, count);
    Scale scale = new Scale(false, last == 1 ? 0 : 1, last == 1 ? 2 : last);
    int every = (int) Math.max(1, tickStep(last < 100 ? last / 2.0 : last)); // labels get wider
    IntStream.rangeClosed(1, last)
        .filter(i -> i % every == 0)
        .forEach(i -> scale.ticks.add(new Tick(scale.share(i), Integer.toString(i))));
    return scale;
  }

  /** The names at the places 0, 1, 2 and so on. */
  public static Scale categories(List<String> names) {
    Scale scale = new Scale(false, -0.5, Math.max(1, names.size()) - 0.5);
    for (int i = 0; i < names.size(); i++) {
      scale.ticks.add(new Tick(scale.share(i), names.get(i)));
    }
    return scale;
  }

  /** The place of a value, 0 at the low end and 1 at the high one; NaN if it has none. */
  public double share(double value) {
    if (!drawable(value, logarithmic)) {
      return Double.NaN;
    }
    return ((logarithmic ? Math.log10(value) : value) - low) / (high - low);
  }

  public List<Tick> ticks() {
    return List.copyOf(ticks);
  }

  private void addRoundTicks(double step, double from, double to) {
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    boolean plain = decimals <= 6 && Math.max(Math.abs(from), Math.abs(to)) < 1e6;
    double first = Math.ceil(from / step - 1e-9);
    for (int i = 0; (first + i) * step <= to + step / 1000; i++) {
      double value = (first + i) * step;
      String label =
          plain ? String.format(Locale.ROOT, "%." + decimals + "f", value) : Html.compact(value);
      ticks.add(new Tick(share(value), label));
    }
  }

  /** Powers of ten; with fewer than three of them in sight, their doubles and fivefolds too. */
  private void addDecades() {
    int first = (int) Math.floor(low);
    int last = (int) Math.ceil(high);
    int every = Math.max(1, (last - first) / 6);
    int[] multiples = high - low < 2.5 ? new int[] {1, 2, 5} : new int[] {1};
    for (int decade = first; decade <= last; decade += every) {
      for (int multiple : multiples) {
        double value = multiple * Math.pow(10, decade);
        double place = share(value);
        if (place >= 0 && place <= 1) {
          ticks.add(new Tick(place, Html.compact(value)));
        }
      }
    }
  }

  private static boolean drawable(double value, boolean logarithmic) {
    return Math.abs(value) <= LARGEST && (!logarithmic || value >= SMALLEST);
  }

  /**
   * The smallest and the largest of the values that can be drawn; 0 to 1 or 1 if there are none.
   */
  private static DoubleSummaryStatistics range(Collection<Double> values, boolean logarithmic) {
    DoubleSummaryStatistics range =
        values.stream()
            .mapToDouble(Double::doubleValue)
            .filter(value -> drawable(value, logarithmic))
            .summaryStatistics();
    if (range.getCount() == 0) {
      range.accept(logarithmic ? 1 : 0);
      range.accept(1);
    }
    return range;
  }

  /** From the smallest to the largest, but never so little that a tick's step would be lost. */
  private static double spread(DoubleSummaryStatistics range) {
    double magnitude = Math.max(Math.abs(range.getMin()), Math.abs(range.getMax()));
    double least = magnitude < SMALLEST ? 1e-3 : 1e-3 * magnitude;
    return Math.max(range.getMax() - range.getMin(), least);
  }

  /** A step of 1, 2 or 5 times a power of ten that cuts the range into about five. */
  private static double tickStep(double range) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(range, SMALLEST) / 5)));
    double share = range / 5 / power;
    return power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
  }
}
