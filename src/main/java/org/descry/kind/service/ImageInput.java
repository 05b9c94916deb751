package org.descry.kind.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.data.image.ImageLoader;

/**
 * Makes of images, as files or as tensors of pixels, the normalised rows that a network takes:
 * height x width x channels values each. Every byte's value is looked up, as for {@link
 * org.descry.data.image.ChannelNormalizer#apply}, to the same bits.
 */
public final class ImageInput {
  private static final String NAME = "image";

  private final Manifest.ImageShape shape;
  private final ImageLoader loader;
  private final float[][] tables;
  private final TensorType type;

  public ImageInput(Path file, Manifest manifest) {
    shape = manifest.image();
    loader = manifest.images(file);
    tables = manifest.normalizer().tables();
    type = TensorType.numbers(NAME, shape.channels(), shape.height(), shape.width());
  }

  /** Pixels from 0 to 255, channels first. */
  public TensorType type() {
    return type;
  }

  /** Height, in pixels, that images are resized to. */
  public int height() {
    return shape.height();
  }

  /** Width, in pixels, that images are resized to. */
  public int width() {
    return shape.width();
  }

  /** For batches of these sizes, from 1 up. */
  public RowBuffers buffers(List<Integer> sizes) {
    return RowBuffers.ofImages(shape, sizes);
  }

  /** Any image. */
  public float[] example() {
    return normalised(new byte[type.width()]);
  }

  /**
   * @throws org.descry.DataException if it is no image
   */
  public float[] row(String name, byte[] file) {
    return normalised(loader.decode(name, file).pixels());
  }

  private float[] normalised(byte[] pixels) {
    float[] row = new float[pixels.length];
    for (int c = 0; c < tables.length; c++) {
      float[] table = tables[c];
      for (int p = c; p < row.length; p += tables.length) {
        row[p] = table[pixels[p] & 0xff];
      }
    }
    return row;
  }

  /**
   * @throws UsageException if a value is no pixel's
   */
  public List<float[]> rows(Map<String, Tensor> inputs) {
    Tensor tensor = type.in(inputs);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < tensor.rows(); i++) {
      rows.add(channelsLast(tensor.numbers(), i * type.width()));
    }
    return rows;
  }

  private float[] channelsLast(float[] values, int from) {
    int plane = shape.height() * shape.width();
    float[] row = new float[type.width()];
    for (int c = 0; c < shape.channels(); c++) {
      float[] table = tables[c];
      for (int p = 0; p < plane; p++) {
        row[p * shape.channels() + c] = normalised(table, values[from + c * plane + p]);
      }
    }
    return row;
  }

  /** Between two bytes, between their values. */
  private static float normalised(float[] table, float pixel) {
    if (!(pixel >= 0 && pixel <= 255)) {
      throw new UsageException(
          "Input %s has the value %s; expected pixels from 0 to 255.".formatted(NAME, pixel));
    }
    int below = (int) pixel;
    float rest = pixel - below;
    return rest == 0 ? table[below] : table[below] + rest * (table[below + 1] - table[below]);
  }
}
