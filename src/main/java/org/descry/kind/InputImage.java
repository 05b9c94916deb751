package org.descry.kind;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import org.descry.data.image.ImageLoader;

/** An image that a program asks a model about: a file of any format and size, or pixels. */
@FunctionalInterface
public interface InputImage {
  /**
   * The image as a model takes it.
   *
   * @throws org.descry.DataException if it cannot be read, is no image, or too large
   */
  ImageLoader.Image load(ImageLoader loader);

  static InputImage of(Path file) {
    return loader -> loader.load(file);
  }

  /** The content of a file. */
  static InputImage of(byte[] file) {
    return loader -> loader.decode("of the bytes", file);
  }

  /**
   * The content of a file, read to the stream's end when the model is asked; whoever has opened the
   * stream closes it.
   */
  static InputImage of(InputStream file) {
    return loader -> loader.decode("of the stream", file);
  }

  /** Pixels; transparency is dropped, as of a file. */
  static InputImage of(BufferedImage image) {
    return loader -> loader.of("of the pixels", image);
  }
}
