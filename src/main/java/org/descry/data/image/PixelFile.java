package org.descry.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
  private final int each;
  private final Path file;
  private final FileChannel channel;
  private final Map<Integer, MappedByteBuffer> segments = new ConcurrentHashMap<>();
  private int count;

  /**
   * @param length bytes of each image
   */
  PixelFile(int length) {
    this(length, SEGMENT);
  }

  PixelFile(int length, int segment) {
    this.length = length;
    each = Math.max(1, segment / length);
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
    return () -> read(index);
  }

  private byte[] read(int index) {
    byte[] pixels = new byte[length];
    segments.computeIfAbsent(index / each, this::mapped).get(index % each * length, pixels);
    return pixels;
  }

  private MappedByteBuffer mapped(int segment) {
    long begin = (long) segment * each;
    long images = Math.min(each, count - begin);
    try {
      return channel.map(MapMode.READ_ONLY, begin * length, images * length);
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
  }
}
