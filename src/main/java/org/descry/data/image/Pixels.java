package org.descry.data.image;

import java.util.function.Function;
import org.descry.data.Intake;

/** The pixels of one image, wherever they lie. For any number of threads. */
@FunctionalInterface
public interface Pixels {
  /** Height x width x channels, RGB, to be read unsigned; nobody may write to them. */
  byte[] bytes();

  /** In memory; not copied. */
  static Pixels held(byte[] bytes) {
    return () -> bytes;
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
