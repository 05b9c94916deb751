package org.descry.train.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.bytedeco.javacpp.BytePointer;
import org.descry.io.AtomicFiles;
import org.descry.io.EndingFiles;
import org.descry.io.Json;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A checkpoint as a file: sections, each of them followed by its CRC32C. The first is a magic word,
 * the length of the next, and that, which is JSON: the state, and name, type and shape of each
 * array. The others are the arrays' memory as it lies there, row-major. All numbers are
 * little-endian, as those of every processor that ND4J runs on.
 *
 * <p>Every byte is under a checksum, and the length follows from the header: nothing of a damaged
 * file is ever used.
 */
final class CheckpointFile {
  private static final byte[] MAGIC = "descryC1".getBytes(StandardCharsets.US_ASCII);
  private static final int CRC_BYTES = Integer.BYTES;
  private static final int LONGEST_HEADER = 1 << 28;

  /** A buffer of Java's has no more. */
  private static final long CHUNK = 1 << 30;

  private CheckpointFile() {}

  private record Described(String name, DataType type, long[] shape) {
    Described {
      Objects.requireNonNull(name);
      Objects.requireNonNull(type);
      Objects.requireNonNull(shape);
    }

    long bytes() {
      long bytes = type.width();
      for (long size : shape) {
        if (size < 0) {
          throw new ArithmeticException("negative size");
        }
        bytes = Math.multiplyExact(bytes, size);
      }
      return bytes;
    }
  }

  private record Header(TrainingState state, List<Described> arrays) {
    Header {
      Objects.requireNonNull(state);
      arrays = List.copyOf(arrays);
    }
  }

  static void write(Path file, Checkpoint checkpoint) throws IOException {
    Map<String, INDArray> arrays = new TreeMap<>();
    checkpoint
        .arrays()
        .forEach((name, array) -> arrays.put(name, array.isView() ? array.dup('c') : array));
    List<Described> described =
        arrays.entrySet().stream()
            .map(e -> new Described(e.getKey(), e.getValue().dataType(), e.getValue().shape()))
            .toList();
    byte[] header =
        Json.line(new Header(checkpoint.state(), described)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer start = little(MAGIC.length + Integer.BYTES + header.length);
    start.put(MAGIC).putInt(header.length).put(header).flip();
    AtomicFiles.writeChannel(
        file,
        channel -> {
          section(channel, List.of(start));
          for (INDArray array : arrays.values()) {
            section(channel, memory(array));
          }
        });
  }

  private static void section(FileChannel channel, List<ByteBuffer> parts) throws IOException {
    CRC32C crc = new CRC32C();
    for (ByteBuffer part : parts) {
      crc.update(part.duplicate());
      writeAll(channel, part);
    }
    writeAll(channel, little(CRC_BYTES).putInt((int) crc.getValue()).flip());
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * @throws IOException if it cannot be read or is not what was written, with the reason
   */
  static Checkpoint read(Path file) throws IOException {
    try (FileChannel channel = open(file)) {
      Header header = header(channel);
      long expected = channel.position();
      for (Described array : header.arrays) {
        expected = Math.addExact(expected, Math.addExact(array.bytes(), CRC_BYTES));
      }
      if (channel.size() != expected) {
        throw new IOException("has %s bytes, expected %s".formatted(channel.size(), expected));
      }
      Map<String, INDArray> arrays = new LinkedHashMap<>();
      for (Described described : header.arrays) {
        INDArray array = Nd4j.createUninitialized(described.type, described.shape);
        check(channel, memory(array), described.name);
        arrays.put(described.name, array);
      }
      return new Checkpoint(header.state, arrays);
    } catch (EOFException e) {
      throw new IOException("ends too early", e);
    } catch (ArithmeticException e) {
      throw new IOException("has arrays of impossible sizes", e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    if (EndingFiles.isEndless(file)) {
      throw new IOException("is not a regular file");
    }
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  /** The state alone. */
  static TrainingState readState(Path file) throws IOException {
    try (FileChannel channel = open(file)) {
      return header(channel).state;
    } catch (EOFException e) {
      throw new IOException("ends too early", e);
    }
  }

  private static Header header(FileChannel channel) throws IOException {
    ByteBuffer start = little(MAGIC.length + Integer.BYTES);
    readAll(channel, start);
    byte[] magic = new byte[MAGIC.length];
    start.flip().get(magic);
    int length = start.getInt();
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IOException("is no checkpoint");
    }
    if (length < 0 || length > LONGEST_HEADER) {
      throw new IOException("has a header of %s bytes".formatted(length));
    }
    if (length > channel.size()) {
      throw new EOFException();
    }
    ByteBuffer json = little(length);
    channel.position(0);
    check(channel, List.of(start.rewind(), json), "header");
    try {
      Header header = Json.MAPPER.readValue(json.array(), Header.class);
      if (header == null) {
        throw new IOException("has an empty header");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw new IOException("has a header that cannot be read", e);
    }
  }

  private static void check(FileChannel channel, List<ByteBuffer> parts, String what)
      throws IOException {
    CRC32C crc = new CRC32C();
    for (ByteBuffer part : parts) {
      readAll(channel, part);
      crc.update(part.flip());
    }
    ByteBuffer stored = little(CRC_BYTES);
    readAll(channel, stored);
    if (stored.flip().getInt() != (int) crc.getValue()) {
      throw new IOException("has a wrong checksum over its " + what);
    }
  }

  private static void readAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException();
      }
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The memory of an array that has all of its buffer, row-major. */
  @SuppressWarnings("resource") // the memory is the array's
  private static List<ByteBuffer> memory(INDArray array) {
    long bytes = array.length() * array.dataType().width();
    BytePointer pointer = new BytePointer(array.data().addressPointer());
    List<ByteBuffer> parts = new ArrayList<>();
    for (long from = 0; from < bytes; from += CHUNK) {
      long to = Math.min(bytes, from + CHUNK);
      parts.add(pointer.position(from).limit(to).asByteBuffer());
    }
    return parts;
  }
}
