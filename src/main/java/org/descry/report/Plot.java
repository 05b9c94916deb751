package org.descry.report;

import java.util.Locale;

/**
 * The frame of a chart as inline SVG: grid lines, labels, and where a point lies. Colours come from
 * the page, for light and dark.
 *
 * @param x from left to right
 * @param y from bottom to top
 */
public record Plot(Scale x, Scale y) {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 260;
  private static final int LEFT = 62;
  private static final int RIGHT = 16;
  private static final int TOP = 12;
  private static final int BOTTOM = 30;
  private static final int MARGIN = 8;

  /** What separates a label from its neighbour, in units of the drawing; a letter takes 6. */
  private static final int LABEL_GAP = 10;

  /** The chart with what is drawn into it; {@code legend} and {@code marks} are HTML and SVG. */
  public String figure(String title, String legend, String marks) {
    return """
    <figure><figcaption>%1$s %2$s</figcaption>
    <svg viewBox='0 0 %3$s %4$s' role='img' aria-label='%1$s'>%5$s%6$s</svg></figure>
    """
        .formatted(Html.escape(title), legend, WIDTH, HEIGHT, frame(), marks);
  }

  /** A dashed line from top to bottom, with a sentence for a pointer that rests on it. */
  public String vertical(double value, String title) {
    return format(
        "<line class='best' x1='%.1f' x2='%.1f' y1='%s' y2='%.1f'><title>%s</title></line>",
        left(value), left(value), TOP, floor(), Html.escape(title));
  }

  /** Units of the drawing from its left edge; NaN if the value has no place. */
  public double left(double value) {
    return leftOfShare(x.share(value));
  }

  /** The same of a share of the horizontal axis, as {@link Scale#share} gives it. */
  public double leftOfShare(double share) {
    return LEFT + MARGIN + share * (WIDTH - LEFT - RIGHT - 2 * MARGIN);
  }

  /** Units of the drawing from its upper edge; NaN if the value has no place. */
  public double top(double value) {
    return topOfShare(y.share(value));
  }

  /** Units of the drawing from its upper edge to the lower end of the vertical axis. */
  public double floor() {
    return HEIGHT - BOTTOM;
  }

  /** Units of the drawing from its upper edge to a share of the vertical axis. */
  public double topOfShare(double share) {
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  }

  private String frame() {
    StringBuilder frame = new StringBuilder();
    for (Scale.Tick tick : y.ticks()) {
      double top = topOfShare(tick.share());
      frame.append(
          format(
              "<line class='grid' x1='%s' x2='%s' y1='%.1f' y2='%.1f'/>"
                  + "<text x='%s' y='%.1f' text-anchor='end'>%s</text>",
              LEFT, WIDTH - RIGHT, top, top, LEFT - 6, top + 4, Html.escape(tick.label())));
    }
    double free = Double.NEGATIVE_INFINITY;
    for (Scale.Tick tick : x.ticks()) {
      double left = leftOfShare(tick.share());
      String label = Html.shortened(tick.label());
      double reach = 3.0 * label.length();
      if (left - reach >= free) { // labels that would cover one another are left out
        frame.append(
            format(
                "<text x='%.1f' y='%s' text-anchor='middle'>%s</text>",
                left, HEIGHT - 10, Html.escape(label)));
        free = left + reach + LABEL_GAP;
      }
    }
    return frame.toString();
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
