package org.descry.data.caption;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.descry.data.Fingerprint;

/** Feature vectors, one of the same width for each image. */
final class FeatureInputs implements ImageInputs {
  private final float[][] features;
  private final int width;

  /**
   * Wraps {@code features} without a copy.
   *
   * @param width number of features an image
   */
  FeatureInputs(float[][] features, int width) {
    for (float[] row : features) {
      if (row.length != width) {
        throw new IllegalArgumentException(
            "Expected " + width + " features an image, got: " + row.length);
      }
    }
    this.features = features;
    this.width = width;
  }

  @Override
  public void addTo(Fingerprint fingerprint) {
    for (float[] row : features) {
      fingerprint.add(row);
    }
  }

  @Override
  public int size() {
    return features.length;
  }

  @Override
  public long[] shape() {
    return new long[] {width};
  }

  @Override
  public void fill(int image, FloatBuffer out, int offset) {
    out.put(offset, features[image]);
  }

  @Override
  public FeatureInputs select(int[] images) {
    float[][] selected = new float[images.length][];
    Arrays.setAll(selected, i -> features[images[i]]);
    return new FeatureInputs(selected, width);
  }
}
