package org.descry.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws curves over epochs. */
public final class LineChart {
  /** With more values than these, only lines are drawn: dots would hide them and fill the page. */
  private static final int MOST_DOTS = 400;

  private final Plot plot;
  private final boolean dots;

  private LineChart(Plot plot, boolean dots) {
    this.plot = plot;
    this.dots = dots;
  }

  /**
   * A curve.
   *
   * @param name shown where the pointer rests on it
   * @param attributes of its SVG element, such as {@code class='train'}
   * @param values one an epoch; what cannot be drawn leaves a gap
   */
  public record Series(String name, String attributes, List<Double> values) {}

  /** The curves as a figure, the first value at epoch 1; later curves lie over earlier ones. */
  public static String svg(String title, String legend, List<Series> curves) {
    return svg(title, legend, curves, Scale.linear(values(curves)));
  }

  /** As {@link #svg(String, String, List)}, with a vertical axis of one's own. */
  public static String svg(String title, String legend, List<Series> curves, Scale vertical) {
    int epochs = curves.stream().mapToInt(curve -> curve.values().size()).max().orElse(0);
    int values = curves.stream().mapToInt(curve -> curve.values().size()).sum();
    Plot plot = new Plot(Scale.counting(epochs), vertical);
    LineChart chart = new LineChart(plot, values <= MOST_DOTS);
    return plot.figure(
        title, legend, curves.stream().map(chart::curve).collect(Collectors.joining()));
  }

  /** All values of the curves. */
  public static List<Double> values(List<Series> curves) {
    return curves.stream().flatMap(curve -> curve.values().stream()).toList();
  }

  private String curve(Series series) {
    StringBuilder lines = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    StringBuilder points = new StringBuilder();
    int run = 0;
    for (int i = 0; i <= series.values().size(); i++) {
      double top = i < series.values().size() ? plot.top(series.values().get(i)) : Double.NaN;
      if (!Double.isNaN(top)) {
        points.append(format("%.1f,%.1f ", plot.left(i + 1), top));
        run++;
      } else if (run > 0) {
        lines.append("<polyline points='").append(points.toString().strip()).append("'/>");
        for (int j = i - run; j < i && (dots || run == 1); j++) {
          marks.append(dot(series, j));
        }
        points.setLength(0);
        run = 0;
      }
    }
    return "<g %s>%s%s</g>".formatted(series.attributes(), lines, marks);
  }

  private String dot(Series series, int index) {
    double value = series.values().get(index);
    return format(
        "<circle cx='%.1f' cy='%.1f' r='2.5'><title>%s, epoch %d: %s</title></circle>",
        plot.left(index + 1),
        plot.top(value),
        Html.escape(series.name()),
        index + 1,
        Html.compact(value));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
