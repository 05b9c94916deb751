package org.descry.kind.captioner;

import org.descry.report.Html;

/** Where a captioner looks, drawn over an image: the places that count for less are darker. */
final class AttentionMap {
  /** How bright a place is that does not count. */
  private static final double DARKEST = 0.2;

  private final byte[] pixels;
  private final int height;
  private final int width;

  /**
   * @param pixels of an RGB image, row by row
   */
  AttentionMap(byte[] pixels, int height, int width) {
    this.pixels = pixels;
    this.height = height;
    this.width = width;
  }

  /** The image under the weights of a grid, row by row, as a PNG in base64. */
  String png(float[] weights) {
    return Html.png(drawn(weights), height, width);
  }

  byte[] drawn(float[] weights) {
    int rows = rows(weights.length, height, width);
    int columns = weights.length / rows;
    double largest = 0;
    for (float weight : weights) {
      largest = Math.max(largest, weight);
    }
    byte[] drawn = new byte[pixels.length];
    int channels = pixels.length / (height * width);
    for (int i = 0; i < pixels.length; i++) {
      int place = i / channels;
      double y = (place / width + 0.5) * rows / height - 0.5;
      double x = (place % width + 0.5) * columns / width - 0.5;
      double share = between(weights, rows, columns, y, x) / largest;
      drawn[i] = (byte) Math.round((pixels[i] & 0xff) * (DARKEST + (1 - DARKEST) * share));
    }
    return drawn;
  }

  /** The rows of a grid of so many places that has the image's shape, or nearly so. */
  static int rows(int places, int height, int width) {
    double square = Math.sqrt((double) places * height / width);
    int best = 1;
    for (int rows = 2; rows <= places; rows++) {
      if (places % rows == 0 && skew(rows, square) < skew(best, square)) {
        best = rows;
      }
    }
    return best;
  }

  private static double skew(int rows, double square) {
    return Math.abs(Math.log(rows / square));
  }

  /** Between four places, those at the border going on beyond it. */
  private static double between(float[] weights, int rows, int columns, double y, double x) {
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    double down = y - top;
    double right = x - left;
    double sum = 0;
    for (int dy = 0; dy < 2; dy++) {
      for (int dx = 0; dx < 2; dx++) {
        int row = Math.max(0, Math.min(rows - 1, top + dy));
        int column = Math.max(0, Math.min(columns - 1, left + dx));
        double share = (dy == 0 ? 1 - down : down) * (dx == 0 ? 1 - right : right);
        sum += share * weights[row * columns + column];
      }
    }
    return sum;
  }
}
