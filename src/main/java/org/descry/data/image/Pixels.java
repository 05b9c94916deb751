package org.descry.data.image;

import java.util.function.Function;
import java.util.stream.IntStream;
import org.descry.data.Intake;
import org.descry.data.Rows;

/** The pixels of one image, wherever they lie. For any number of threads. */
@FunctionalInterface
public interface Pixels {
  /** Height x width x channels, RGB, to be read unsigned; nobody may write to them. */
  byte[] bytes();

  /** In memory; not copied. */
  static Pixels held(byte[] bytes) {
    return () -> bytes;
  }

  /** Those of rows. */
  static Pixels[] of(Rows rows) {
    return IntStream.range(0, rows.size())
        .mapToObj(i -> (Pixels) () -> rows.row(i))
        .toArray(Pixels[]::new);
  }

  /**
   * As rows.
   *
   * @param length bytes of each
   */
  static Rows rows(Pixels[] pixels, int length) {
    return new Rows() {
      @Override
      public int size() {
        return pixels.length;
      }

      @Override
      public int length() {
        return length;
      }

      @Override
      public byte[] row(int index) {
        return pixels[index].bytes();
      }
    };
  }

  /**
   * Where the pixels of a set are kept: in memory, or in a file where several processes have them,
   * whose memory is for their networks.
   *
   * @param length bytes of an image
   */
  static Function<byte[], Pixels> keeping(Intake intake, int length) {
    return intake.readers().alone() ? Pixels::held : new PixelFile(length)::add;
  }
}
