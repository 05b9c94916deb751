package org.descry.data.builtin;

import java.util.List;

/** A figure in the plane, centred on the origin and about two units across; y points down. */
interface Figure {
  boolean contains(double x, double y);

  /** The classes of the shapes set, in the order of their labels. */
  List<Named> ALL =
      List.of(
          new Named("circle", (x, y) -> x * x + y * y < 0.81),
          new Named("ring", Figure::inRing),
          new Named("square", polygon(-0.8, -0.8, 0.8, -0.8, 0.8, 0.8, -0.8, 0.8)),
          new Named("triangle", polygon(0, -1, 0.95, 0.75, -0.95, 0.75)),
          new Named("star", star()),
          new Named("cross", (x, y) -> inBar(x, y) || inBar(y, x)),
          new Named("heart", Figure::inHeart),
          new Named("arrow", polygon(0, -1, 0.85, 0, 0.3, 0, 0.3, 1, -0.3, 1, -0.3, 0, -0.85, 0)),
          new Named("crescent", Figure::inCrescent),
          new Named("hourglass", (x, y) -> Math.abs(y) < 0.9 && Math.abs(x) < Math.abs(y)));

  /** A figure and the name of its class. */
  record Named(String name, Figure figure) {}

  private static boolean inRing(double x, double y) {
    double r = x * x + y * y;
    return r < 0.95 * 0.95 && r > 0.55 * 0.55;
  }

  private static boolean inBar(double x, double y) {
    return Math.abs(x) < 0.95 && Math.abs(y) < 0.3;
  }

  /** The sextic heart curve (x^2 + y^2 - 1)^3 = x^2 y^3, shrunk to unit size. */
  private static boolean inHeart(double x, double y) {
    double u = 1.2 * x;
    double v = -1.2 * y + 0.1;
    double w = u * u + v * v - 1;
    return w * w * w < u * u * v * v * v;
  }

  private static boolean inCrescent(double x, double y) {
    double dx = x - 0.45;
    return x * x + y * y < 0.95 * 0.95 && dx * dx + y * y > 0.75 * 0.75;
  }

  private static Figure star() {
    double[] points = new double[20];
    for (int i = 0; i < 10; i++) {
      double radius = i % 2 == 0 ? 1 : 0.42;
      points[2 * i] = radius * StrictMath.sin(i * Math.PI / 5);
      points[2 * i + 1] = -radius * StrictMath.cos(i * Math.PI / 5);
    }
    return polygon(points);
  }

  /** Even-odd rule; {@code points} are x and y by turns. */
  private static Figure polygon(double... points) {
    return (x, y) -> {
      boolean inside = false;
      int n = points.length;
      for (int i = 0; i < n; i += 2) {
        double x1 = points[i];
        double y1 = points[i + 1];
        double x2 = points[(i + 2) % n];
        double y2 = points[(i + 3) % n];
        if ((y1 > y) != (y2 > y) && x < x1 + (x2 - x1) * (y - y1) / (y2 - y1)) {
          inside = !inside;
        }
      }
      return inside;
    };
  }
}
