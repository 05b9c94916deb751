package org.descry.data.image.cifar;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.io.NewFolder;

/**
 * Writes the CIFAR-10 binary layout: {@code data_batch_1.bin} and so on with 10,000 records each at
 * most, {@code validation_batch.bin} and {@code test_batch.bin} where those parts are not empty,
 * and the class names in {@code batches.meta.txt}.
 */
public final class CifarWriter {
  private static final int RECORDS_PER_FILE = 10_000;
  private static final int MAX_CLASSES = 256; // a label is a byte

  private CifarWriter() {}

  /**
   * Writes {@code folder} whole or not at all.
   *
   * @throws DescryException if the images are not 32 x 32 RGB, there are over 256 classes, a class
   *     name is no line of text, or the folder exists or cannot be written
   */
  public static void write(ImageSplits splits, Path folder) {
    ImageSet train = splits.train();
    if (train.height() != CifarRecordReader.SIZE
        || train.width() != CifarRecordReader.SIZE
        || train.channels() != CifarRecordReader.CHANNELS) {
      throw new DataException(
          "The CIFAR layout holds 32x32x3 images, but these are " + train.kind() + ".");
    }
    if (train.classes() > MAX_CLASSES) {
      throw new DataException(
          "The CIFAR layout holds at most 256 classes, but these are " + train.classes() + ".");
    }
    ClassNames.requireLines(train.labelNames());
    NewFolder.create(folder, inner -> writeFiles(splits, inner));
  }

  private static void writeFiles(ImageSplits splits, Path folder) throws IOException {
    ImageSet train = splits.train();
    for (int from = 0, number = 1; from < train.size(); from += RECORDS_PER_FILE, number++) {
      int to = Math.min(train.size(), from + RECORDS_PER_FILE);
      writeFile(train.subset(from, to), folder.resolve("data_batch_" + number + ".bin"));
    }
    if (!splits.validation().isEmpty()) {
      writeFile(splits.validation(), folder.resolve(CifarFolder.VALIDATION));
    }
    if (!splits.test().isEmpty()) {
      writeFile(splits.test(), folder.resolve(CifarFolder.TEST));
    }
    Files.write(folder.resolve(CifarRecordReader.Layout.CIFAR10.namesFile), train.labelNames());
  }

  private static void writeFile(ImageSet images, Path file) throws IOException {
    int plane = CifarRecordReader.PIXELS;
    byte[] record = new byte[CifarRecordReader.Layout.CIFAR10.recordBytes()];
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 18)) {
      for (int i = 0; i < images.size(); i++) {
        byte[] pixels = images.pixels(i);
        record[0] = (byte) images.label(i);
        for (int p = 0; p < pixels.length; p++) {
          record[1 + p % 3 * plane + p / 3] = pixels[p];
        }
        out.write(record);
      }
    }
  }
}
