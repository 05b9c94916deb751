package org.descry.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.DescryException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.options.ArrayOptionsHelper;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A vector of known length as {@link Nd4j#write} stores it: a buffer of longs (rank, shape,
 * strides, options, element stride, order), then a buffer of the values, both big-endian, each
 * behind its allocation mode, length and type.
 *
 * <p>ND4J's own reader makes room for whatever lengths the header names; this one knows them.
 */
final class StoredArray {
  /** No header that ND4J writes of a vector is as long. */
  static final int LONGEST_HEADER = 256;

  private static final String MODE = "MIXED_DATA_TYPES";

  private StoredArray() {}

  /**
   * @param length the number of values
   * @param type FLOAT or DOUBLE
   * @throws IOException if the bytes are no such array, with what was found
   */
  static INDArray read(byte[] bytes, long length, DataType type) throws IOException {
    ByteArrayInputStream source = new ByteArrayInputStream(bytes);
    DataInputStream in = new DataInputStream(source);
    long numbers = header(in, DataType.LONG);
    if (numbers != 6 && numbers != 8) {
      throw new IOException("a shape of %s numbers".formatted(numbers));
    }
    List<Long> shapeInfo = new ArrayList<>();
    for (int i = 0; i < numbers; i++) {
      shapeInfo.add(in.readLong());
    }
    long[] shape = shape(shapeInfo, length, type);
    if (header(in, type) != length || source.available() != length * type.width()) {
      throw new IOException("%s bytes of values".formatted(source.available()));
    }
    ByteBuffer values =
        ByteBuffer.wrap(bytes, bytes.length - source.available(), source.available());
    return vector(values, (int) length, type).reshape(shape);
  }

  /**
   * What {@link Nd4j#write} writes, which calls its stream for every byte.
   *
   * @param array FLOAT or DOUBLE
   */
  static byte[] write(INDArray array) throws IOException {
    INDArray whole = array.isView() ? array.dup() : array;
    DataType type = whole.dataType();
    long[] info = whole.shapeInfoDataBuffer().asLong();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(head)) {
      header(out, info.length, DataType.LONG);
      for (long number : info) {
        out.writeLong(number);
      }
      header(out, whole.length(), type);
    }
    int bytes = Math.toIntExact(head.size() + whole.length() * type.width());
    ByteBuffer stored = ByteBuffer.allocate(bytes).put(head.toByteArray());
    if (type == DataType.FLOAT) {
      stored.asFloatBuffer().put(whole.data().asNioFloat());
    } else {
      stored.asDoubleBuffer().put(whole.data().asNioDouble());
    }
    return stored.array();
  }

  private static void header(DataOutputStream out, long length, DataType type) throws IOException {
    out.writeUTF(MODE);
    out.writeLong(length);
    out.writeUTF(type.name());
  }

  private static INDArray vector(ByteBuffer from, int length, DataType type) {
    if (type == DataType.FLOAT) {
      float[] values = new float[length];
      from.asFloatBuffer().get(values);
      return Nd4j.createFromArray(values);
    }
    double[] values = new double[length];
    from.asDoubleBuffer().get(values);
    return Nd4j.createFromArray(values);
  }

  private static long header(DataInputStream in, DataType type) throws IOException {
    String mode = in.readUTF();
    long length = in.readLong();
    String found = in.readUTF();
    if (!mode.equals(MODE) || !found.equals(type.name())) {
      throw new IOException("%s of %s".formatted(Refusal.quoted(mode), Refusal.quoted(found)));
    }
    return length;
  }

  /** The shape, N or 1 x N, of {@code info}. */
  private static long[] shape(List<Long> info, long length, DataType type) throws IOException {
    int rank = (info.size() - 4) / 2;
    boolean right = info.get(0) == rank;
    long[] shape = new long[rank];
    for (int i = 0; i < rank; i++) {
      shape[i] = info.get(1 + i);
      right &= shape[i] == (i == rank - 1 ? length : 1);
    }
    right &= length == 1 || info.get(2 * rank) == 1; // the last stride
    right &= ArrayOptionsHelper.dataType(info.get(2 * rank + 1)) == type;
    if (!right) {
      throw new IOException("the shape information %s".formatted(info));
    }
    return shape;
  }

  /**
   * Refuses an entry of another length than the network's, before it is unpacked.
   *
   * @throws DescryException if it is
   */
  static void requireRoom(ZipContent zip, Path file, String name, long values, DataType type) {
    long bytes = Math.multiplyExact(values, type.width());
    long size = zip.size(name);
    if (size < bytes || size > bytes + LONGEST_HEADER) {
      throw Refusal.of(
          file,
          "%s has %,d bytes; expected the %,d values of %s that %s asks for.",
          name,
          size,
          values,
          type,
          EntryList.CONFIGURATION);
    }
  }
}
