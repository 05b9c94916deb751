package org.descry.data.caption;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.descry.data.Seeds;

/**
 * How a training is shown its captions and images.
 *
 * @param masked whether the network is told which of the tokens that it reads are real
 * @param mirror whether an image is flipped left and right with probability 1/2
 * @param shift the most pixels that an image is moved by in each direction; what it leaves is 0
 *     after normalisation
 * @param seed of the changes, which are drawn for each image and epoch anew
 */
public record Presentation(boolean masked, boolean mirror, int shift, long seed) {
  /** As they are. */
  public static final Presentation PLAIN = new Presentation(false, false, 0, 0);

  private static final long STREAM = -7;

  public Presentation {
    if (shift < 0) {
      throw new IllegalArgumentException("expected a shift of at least 0, got: " + shift);
    }
  }

  private boolean changes(ImageInputs inputs) {
    return (mirror || shift > 0) && inputs.shape().length > 1;
  }

  /**
   * Writes one image as {@link ImageInputs#fill} does, changed.
   *
   * @param whole scratch for an image
   */
  void fill(ImageInputs inputs, int image, int epoch, FloatBuffer out, int offset, float[] whole) {
    if (!changes(inputs)) {
      inputs.fill(image, out, offset);
      return;
    }
    SplittableRandom random = Seeds.random(seed, STREAM, epoch, image);
    boolean flip = mirror && random.nextBoolean();
    int down = random.nextInt(2 * shift + 1) - shift;
    int right = random.nextInt(2 * shift + 1) - shift;
    inputs.fill(image, FloatBuffer.wrap(whole), 0);
    int channels = (int) inputs.shape()[0];
    int height = (int) inputs.shape()[1];
    int width = (int) inputs.shape()[2];
    int at = offset;
    for (int y = down; y < height + down; y++) {
      for (int x = right; x < width + right; x++) {
        boolean inside = y >= 0 && y < height && x >= 0 && x < width;
        int from = (y * width + (flip ? width - 1 - x : x)) * channels;
        for (int c = 0; c < channels; c++) {
          out.put(at++, inside ? whole[from + c] : 0);
        }
      }
    }
  }
}
