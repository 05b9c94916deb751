package org.descry.train;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws curves over epochs as inline SVG; colours come from the page, for light and dark. */
final class LineChart {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 260;
  private static final int LEFT = 48;
  private static final int RIGHT = 12;
  private static final int TOP = 12;
  private static final int BOTTOM = 30;

  private final int count;
  private final double low;
  private final double step;
  private final double high;

  private LineChart(List<Series> curves) {
    count = curves.get(0).values().size();
    var range =
        curves.stream()
            .flatMap(curve -> curve.values().stream())
            .mapToDouble(Double::doubleValue)
            .summaryStatistics();
    step = tickStep(Math.max(range.getMax() - range.getMin(), 1e-3));
    low = Math.floor(range.getMin() / step) * step;
    high = Math.max(low + step, Math.ceil(range.getMax() / step) * step);
  }

  /**
   * @param name shown in the legend
   * @param style the page's CSS class of the curve
   * @param values one an epoch
   */
  record Series(String name, String style, List<Double> values) {}

  /** The curves as an SVG element with a legend, the first value at epoch 1. */
  static String svg(String title, List<Series> curves) {
    LineChart chart = new LineChart(curves);
    String lines = curves.stream().map(chart::curve).collect(Collectors.joining());
    String legend =
        curves.stream()
            .map(c -> "<span class='%s'>&#9632; %s</span>".formatted(c.style(), c.name()))
            .collect(Collectors.joining(" "));
    return """
    <figure><figcaption>%s %s</figcaption>
    <svg viewBox='0 0 %d %d' role='img' aria-label='%s'>%s%s</svg></figure>
    """
        .formatted(title, legend, WIDTH, HEIGHT, title, chart.axes(), lines);
  }

  private String axes() {
    StringBuilder axes = new StringBuilder();
    for (int i = 0; low + i * step <= high + step / 2; i++) {
      double value = low + i * step;
      axes.append(
          format(
              "<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>"
                  + "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
              LEFT, WIDTH - RIGHT, y(value), y(value), LEFT - 6, y(value) + 4, label(value)));
    }
    int every = Math.max(1, (int) Math.ceil(count / 10.0));
    for (int epoch = 1; epoch <= count; epoch += every) {
      axes.append(
          format(
              "<text x='%.1f' y='%d' text-anchor='middle'>%d</text>",
              x(epoch - 1), HEIGHT - 10, epoch));
    }
    return axes.toString();
  }

  private String curve(Series series) {
    StringBuilder points = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    for (int i = 0; i < count; i++) {
      double value = series.values().get(i);
      points.append(format("%.1f,%.1f ", x(i), y(value)));
      dots.append(
          format(
              "<circle cx='%.1f' cy='%.1f' r='2.5'><title>epoch %d: %.4f</title></circle>",
              x(i), y(value), i + 1, value));
    }
    return "<g class='%s'><polyline points='%s'/>%s</g>"
        .formatted(series.style(), points.toString().strip(), dots);
  }

  private double x(int index) {
    double share = count == 1 ? 0.5 : index / (count - 1.0);
    return LEFT + 8 + share * (WIDTH - LEFT - RIGHT - 16);
  }

  private double y(double value) {
    return TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM);
  }

  /** A step of 1, 2 or 5 times a power of ten that cuts the range into about five. */
  private static double tickStep(double range) {
    double power = Math.pow(10, Math.floor(Math.log10(range / 5)));
    double share = range / 5 / power;
    return power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
  }

  private String label(double value) {
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return format("%." + decimals + "f", value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
