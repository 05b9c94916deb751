package org.descry.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws a graph as inline SVG: a box a node, one below the other, and lines between them. */
public final class Diagram {
  private static final int WIDTH = 460;
  private static final int LEFT = 8;
  private static final int BOX = 340;
  private static final int HEIGHT = 20;
  private static final int STEP = 32;
  private static final int LEAST_BOW = 16;
  private static final int BOW = 10;

  private Diagram() {}

  /**
   * A node.
   *
   * @param text what stands beside its name
   * @param inputs the names of earlier nodes that a line comes from
   */
  public record Node(String name, String text, List<String> inputs) {}

  /** The graph as a figure; lines that pass over nodes are bows at their right. */
  public static String svg(String title, List<Node> nodes) {
    List<String> names = nodes.stream().map(Node::name).toList();
    StringBuilder drawn = new StringBuilder();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      drawn.append(
          format(
              "<rect class='grid' fill='none' x='%s' y='%s' width='%s' height='%s' rx='3'/>"
                  + "<text x='%s' y='%s'>%s</text><text x='%s' y='%s' text-anchor='end'>%s</text>",
              LEFT,
              top(i),
              BOX,
              HEIGHT,
              LEFT + 6,
              top(i) + 14,
              Html.escape(node.name()),
              LEFT + BOX - 6,
              top(i) + 14,
              Html.escape(node.text())));
      int to = i;
      drawn.append(
          node.inputs().stream()
              .map(input -> line(names.indexOf(input), to))
              .collect(Collectors.joining()));
    }
    return """
    <figure><figcaption>%1$s</figcaption>
    <svg class='graph' viewBox='0 0 %2$s %3$s' role='img' aria-label='%1$s'>%4$s</svg></figure>
    """
        .formatted(Html.escape(title), WIDTH, top(nodes.size()), drawn);
  }

  private static int top(int index) {
    return 4 + index * STEP;
  }

  private static String line(int from, int to) {
    if (to - from == 1) {
      int middle = LEFT + BOX / 2;
      return format(
          "<polyline points='%s,%s %s,%s'/>", middle, top(from) + HEIGHT, middle, top(to));
    }
    int right = LEFT + BOX;
    int bow = Math.min(WIDTH - right - 2, LEAST_BOW + BOW * (to - from));
    return format(
        "<path fill='none' stroke='currentColor' d='M%1$s,%2$s C%3$s,%2$s %3$s,%4$s %1$s,%4$s'/>",
        right, top(from) + HEIGHT / 2, right + bow, top(to) + HEIGHT / 2);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
