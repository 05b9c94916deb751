package org.descry.data;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.descry.DescryException;

/** Decodes picture files to RGB bytes of one size, channels last. Safe for several threads. */
record PictureDecoder(int height, int width) {
  static final int CHANNELS = 3;

  /**
   * Returns {@code height * width * 3} bytes; the picture is squashed to the size.
   *
   * @throws DescryException if the file cannot be read or is no picture
   */
  byte[] decode(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DescryException("Cannot read the picture " + file + ": " + e.getMessage(), e);
    }
    // OpenCV refuses an empty buffer with an exception of its own.
    if (bytes.length == 0) {
      throw new DescryException("The picture " + file + " is empty");
    }
    try (BytePointer pointer = new BytePointer(bytes);
        Mat encoded = new Mat(pointer, false);
        Mat picture = imdecode(encoded, IMREAD_COLOR)) {
      if (picture == null || picture.empty()) {
        throw new DescryException("The file " + file + " is no picture that can be decoded");
      }
      try (Mat sized = new Mat(height, width, CV_8UC3);
          Size size = new Size(width, height)) {
        boolean shrinks = picture.rows() > height || picture.cols() > width;
        resize(picture, sized, size, 0, 0, shrinks ? INTER_AREA : INTER_LINEAR);
        cvtColor(sized, sized, COLOR_BGR2RGB);
        byte[] pixels = new byte[height * width * CHANNELS];
        sized.data().get(pixels);
        return pixels;
      }
    }
  }
}
