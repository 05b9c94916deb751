package org.descry.data.decode;

import java.util.Arrays;

/**
 * Scales images of bytes, channels-last: shrinking averages over areas, since picking points would
 * alias; where a side grows, neighbours are mixed (bilinear, centres at halves). Both round as
 * OpenCV's INTER_AREA and INTER_LINEAR do, to the bit, so that models of Descry 0.1.0 see what they
 * saw.
 */
public final class Resizing {
  private static final int COEFFICIENT_ONE = 1 << 11;

  private Resizing() {}

  /**
   * @param pixels height x width x channels
   * @return toHeight x toWidth x channels; {@code pixels} itself where the size is right
   */
  public static byte[] resize(
      byte[] pixels, int height, int width, int channels, int toHeight, int toWidth) {
    if (height == toHeight && width == toWidth) {
      return pixels;
    }
    if (height < toHeight || width < toWidth) {
      return linear(pixels, height, width, channels, toHeight, toWidth);
    }
    if (height % toHeight == 0 && width % toWidth == 0) {
      return blocks(pixels, width, channels, toHeight, toWidth, height / toHeight, width / toWidth);
    }
    return area(pixels, width, channels, Cells.of(height, toHeight), Cells.of(width, toWidth));
  }

  /** Each pixel is the mean of a block. */
  private static byte[] blocks(
      byte[] in, int width, int channels, int toHeight, int toWidth, int down, int right) {
    byte[] out = new byte[toHeight * toWidth * channels];
    float share = 1f / (down * right);
    boolean fours = down == 2 && right == 2; // OpenCV rounds halves up there, elsewhere to even
    for (int y = 0, at = 0; y < toHeight; y++) {
      for (int x = 0; x < toWidth; x++) {
        for (int c = 0; c < channels; c++) {
          int sum = 0;
          for (int dy = 0; dy < down; dy++) {
            int from = ((y * down + dy) * width + x * right) * channels + c;
            for (int dx = 0; dx < right; dx++) {
              sum += in[from + dx * channels] & 0xff;
            }
          }
          out[at++] = fours ? (byte) ((sum + 2) >> 2) : rounded(sum * share);
        }
      }
    }
    return out;
  }

  /**
   * How pixels of one side add up: entry k gives share[k] of source[k] to target[k].
   *
   * @param size number of targets
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Cells(int size, int entries, int[] source, int[] target, float[] share) {
    private static final double NOTHING = 1e-3;

    static Cells of(int from, int to) {
      double scale = 1 / ((double) to / from);
      Cells cells =
          new Cells(
              to, 0, new int[from + 2 * to], new int[from + 2 * to], new float[from + 2 * to]);
      int k = 0;
      for (int i = 0; i < to; i++) {
        double begin = i * scale;
        double end = begin + scale;
        double length = Math.min(scale, from - begin);
        int last = Math.min((int) Math.floor(end), from - 1);
        int first = Math.min((int) Math.ceil(begin), last);
        if (first - begin > NOTHING) {
          k = cells.put(k, first - 1, i, (float) ((first - begin) / length));
        }
        for (int s = first; s < last; s++) {
          k = cells.put(k, s, i, (float) (1 / length));
        }
        if (end - last > NOTHING) {
          k = cells.put(k, last, i, (float) (Math.min(Math.min(end - last, 1), length) / length));
        }
      }
      return new Cells(to, k, cells.source, cells.target, cells.share);
    }

    private int put(int k, int from, int to, float part) {
      source[k] = from;
      target[k] = to;
      share[k] = part;
      return k + 1;
    }
  }

  private static byte[] area(byte[] in, int width, int channels, Cells rows, Cells columns) {
    int rowLength = columns.size * channels;
    byte[] out = new byte[rows.size * rowLength];
    float[] row = new float[rowLength];
    float[] sum = new float[rowLength];
    for (int k = 0; k < rows.entries; k++) {
      Arrays.fill(row, 0);
      int from = rows.source[k] * width * channels;
      for (int j = 0; j < columns.entries; j++) {
        float share = columns.share[j];
        int source = from + columns.source[j] * channels;
        int target = columns.target[j] * channels;
        for (int c = 0; c < channels; c++) {
          row[target + c] += (in[source + c] & 0xff) * share;
        }
      }
      boolean begins = k == 0 || rows.target[k] != rows.target[k - 1];
      boolean ends = k == rows.entries - 1 || rows.target[k] != rows.target[k + 1];
      float share = rows.share[k];
      for (int i = 0; i < rowLength; i++) {
        sum[i] = begins ? share * row[i] : sum[i] + share * row[i];
      }
      if (ends) {
        int at = rows.target[k] * rowLength;
        for (int i = 0; i < rowLength; i++) {
          out[at + i] = rounded(sum[i]);
        }
      }
    }
    return out;
  }

  private static byte rounded(float value) {
    return (byte) Math.min(255, (int) Math.rint(value));
  }

  /**
   * Between which two pixels of one side each target lies, and how much either counts.
   *
   * @param low the lower one
   * @param near what the lower counts, of {@value #COEFFICIENT_ONE}
   * @param far what the upper counts
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Between(int[] low, int[] near, int[] far) {
    /**
     * @param clamped whether targets outside of the outermost centres take those whole
     */
    static Between of(int from, int to, boolean clamped) {
      double scale = 1 / ((double) to / from);
      Between between = new Between(new int[to], new int[to], new int[to]);
      for (int i = 0; i < to; i++) {
        float place = (float) ((i + 0.5) * scale - 0.5);
        int low = (int) Math.floor(place);
        float share = place - low;
        if (clamped && low < 0) {
          low = 0;
          share = 0;
        }
        if (clamped && low >= from - 1) {
          low = from - 1;
          share = 0;
        }
        between.low[i] = low;
        between.near[i] = (int) Math.rint((1f - share) * COEFFICIENT_ONE);
        between.far[i] = (int) Math.rint(share * COEFFICIENT_ONE);
      }
      return between;
    }
  }

  private static byte[] linear(
      byte[] in, int height, int width, int channels, int toHeight, int toWidth) {
    Between columns = Between.of(width, toWidth, true);
    Between rows = Between.of(height, toHeight, false);
    int rowLength = toWidth * channels;
    byte[] out = new byte[toHeight * rowLength];
    int[][] stretched = {new int[rowLength], new int[rowLength]};
    int[] holds = {-1, -1}; // which rows those are
    for (int y = 0; y < toHeight; y++) {
      int upper = Math.max(0, Math.min(height - 1, rows.low[y]));
      int lower = Math.max(0, Math.min(height - 1, rows.low[y] + 1));
      int[] first = row(in, width, channels, columns, upper, stretched, holds);
      int[] second = row(in, width, channels, columns, lower, stretched, holds);
      int near = rows.near[y];
      int far = rows.far[y];
      for (int i = 0, at = y * rowLength; i < rowLength; i++, at++) {
        int value = (near * (first[i] >> 4) >> 16) + (far * (second[i] >> 4) >> 16);
        out[at] = (byte) ((value + 2) >> 2);
      }
    }
    return out;
  }

  /** A row of the source at its new width; the last two are kept. */
  private static int[] row(
      byte[] in,
      int width,
      int channels,
      Between columns,
      int row,
      int[][] stretched,
      int[] holds) {
    int slot = row & 1;
    int[] out = stretched[slot];
    if (holds[slot] == row) {
      return out;
    }
    holds[slot] = row;
    for (int x = 0, at = 0; x < columns.low.length; x++) {
      int left = (row * width + columns.low[x]) * channels;
      int right = columns.low[x] + 1 < width ? left + channels : left;
      for (int c = 0; c < channels; c++, at++) {
        out[at] = (in[left + c] & 0xff) * columns.near[x] + (in[right + c] & 0xff) * columns.far[x];
      }
    }
    return out;
  }
}
