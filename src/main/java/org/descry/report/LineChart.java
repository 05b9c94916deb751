package org.descry.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** Draws curves over epochs. */
public final class LineChart {
  /** With more epochs than these, only lines are drawn: dots would hide them and fill the page. */
  private static final int MOST_DOTS = 100;

  private static final String BEST =
      "<span class='key'><span class='dotted'></span> best epoch</span>";

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
   * @param values one an epoch; what cannot be drawn leaves a gap, and over null, which was not
   *     measured, the line goes on
   */
  public record Series(String name, String attributes, List<Double> values) {}

  /** The curves as a figure, the first value at epoch 1; later curves lie over earlier ones. */
  public static String svg(String title, String legend, List<Series> curves) {
    return svg(title, legend, curves, Scale.linear(values(curves)));
  }

  /** As {@link #svg(String, String, List)}, with a vertical axis of one's own. */
  public static String svg(String title, String legend, List<Series> curves, Scale vertical) {
    return svg(title, legend, curves, vertical, 0);
  }

  /**
   * As above.
   *
   * @param best the epoch that a line marks as the best; 0 for none
   */
  public static String svg(
      String title, String legend, List<Series> curves, Scale vertical, int best) {
    int epochs = curves.stream().mapToInt(curve -> curve.values().size()).max().orElse(0);
    Plot plot = new Plot(Scale.counting(epochs), vertical);
    LineChart chart = new LineChart(plot, epochs <= MOST_DOTS);
    String mark = best > 0 ? plot.vertical(best, "best epoch: " + best) : "";
    String key = best > 0 ? legend + BEST : legend;
    return plot.figure(
        title, key, mark + curves.stream().map(chart::curve).collect(Collectors.joining()));
  }

  /** All values of the curves that were measured. */
  public static List<Double> values(List<Series> curves) {
    return curves.stream()
        .flatMap(curve -> curve.values().stream())
        .filter(Objects::nonNull)
        .toList();
  }

  private String curve(Series series) {
    StringBuilder drawn = new StringBuilder();
    List<Integer> line = new ArrayList<>();
    for (int i = 0; i < series.values().size(); i++) {
      if (series.values().get(i) == null) {
        continue;
      } else if (Double.isNaN(plot.top(series.values().get(i)))) {
        drawn.append(line(series, line));
        line.clear();
      } else {
        line.add(i);
      }
    }
    drawn.append(line(series, line));
    return "<g %s>%s</g>".formatted(series.attributes(), drawn);
  }

  private String line(Series series, List<Integer> indices) {
    if (indices.isEmpty()) {
      return "";
    }
    String points =
        indices.stream()
            .map(i -> format("%.1f,%.1f", plot.left(i + 1), plot.top(series.values().get(i))))
            .collect(Collectors.joining(" "));
    String marks =
        dots || indices.size() == 1
            ? indices.stream().map(i -> dot(series, i)).collect(Collectors.joining())
            : "";
    return "<polyline points='%s'/>%s".formatted(points, marks);
  }

  private String dot(Series series, int index) {
    double value = series.values().get(index);
    return format(
        "<circle cx='%.1f' cy='%.1f' r='2.5'><title>%s, epoch %s: %s</title></circle>",
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
