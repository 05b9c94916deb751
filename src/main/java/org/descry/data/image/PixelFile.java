package org.descry.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.descry.data.MappedRows;
import org.descry.io.IoErrors;

/**
 * Pixels in a temporary file, of which the system keeps in memory what is asked for as far as there
 * is room. All of them are added by one thread before the first is read; the file goes with the
 * last of them.
 */
final class PixelFile {
  /** Of a file that is mapped at a time. */
  private static final int SEGMENT = 1 << 28;

  private final int length;
  private final int segment;
  private final Path file;
  private final FileChannel channel;
  private int count;
  private MappedRows rows;

  /**
   * @param length bytes of each image
   */
  PixelFile(int length) {
    this(length, SEGMENT);
  }

  PixelFile(int length, int segment) {
    this.length = length;
    this.segment = segment;
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      file = Files.createTempFile(temporary, "descry-pixels-", null);
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw IoErrors.unwritable(temporary, e);
    }
  }

  Pixels add(byte[] pixels) {
    int index = count++;
    ByteBuffer rest = ByteBuffer.wrap(pixels);
    long begin = (long) index * length;
    try {
      while (rest.hasRemaining()) {
        channel.write(rest, begin + rest.position());
      }
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
    return () -> rows().row(index);
  }

  private synchronized MappedRows rows() {
    if (rows == null) {
      try {
        rows = MappedRows.of(channel, 0, count, length, segment);
      } catch (IOException e) {
        throw IoErrors.unwritable(file, e);
      }
    }
    return rows;
  }
}
