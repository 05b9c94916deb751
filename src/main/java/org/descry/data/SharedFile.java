package org.descry.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.descry.data.Intake.BadRecord;
import org.descry.data.SharedData.Content;
import org.descry.data.SharedData.Decoded;
import org.descry.io.Json;

/**
 * The file of {@link SharedData}: a mark, the length and the sum of the header, the header as JSON,
 * then all rows. What does not fit together is not used.
 */
final class SharedFile {
  private static final long MARK = 0x4465736372793031L;
  private static final int BEFORE_HEADER = Long.BYTES + 2 * Integer.BYTES;

  private SharedFile() {}

  /**
   * What stands before the rows.
   *
   * @param key what they depend on
   * @param length of a row
   * @param sizes rows of each part
   * @param sum CRC-32C of all rows
   * @param about them, as whoever has decoded them says it
   * @param leftOut what could not be used
   */
  record Header(
      String key,
      int length,
      List<Integer> sizes,
      int sum,
      JsonNode about,
      List<BadRecord> leftOut) {}

  static void write(Path file, Content content) throws IOException {
    Decoded<?> data = content.data();
    CRC32C sum = new CRC32C();
    for (Rows part : data.parts()) {
      IntStream.range(0, part.size()).forEach(i -> sum.update(part.row(i)));
    }
    byte[] header =
        Json.MAPPER.writeValueAsBytes(
            new Header(
                content.key(),
                data.parts().get(0).length(),
                data.parts().stream().map(Rows::size).toList(),
                (int) sum.getValue(),
                Json.MAPPER.valueToTree(data.about()),
                data.leftOut()));
    OutputStream created = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    boolean whole = false;
    try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(created, 1 << 20))) {
      out.writeLong(MARK);
      out.writeInt(header.length);
      out.writeInt(sum(ByteBuffer.wrap(header)));
      out.write(header);
      for (Rows part : data.parts()) {
        for (int i = 0; i < part.size(); i++) {
          out.write(part.row(i));
        }
      }
      out.flush();
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * Maps what was written.
   *
   * @return empty if it was written for another key
   * @throws IOException if the file is missing, cut off or damaged
   */
  static <M> Optional<Decoded<M>> read(Path file, String key, Class<M> type) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer before = bytes(channel, 0, BEFORE_HEADER);
      long rows = BEFORE_HEADER + (long) before.getInt(Long.BYTES);
      require(
          before.getLong(0) == MARK && rows >= BEFORE_HEADER && rows <= channel.size(),
          "it has no header");
      ByteBuffer text = bytes(channel, BEFORE_HEADER, (int) (rows - BEFORE_HEADER));
      require(
          sum(text.duplicate()) == before.getInt(Long.BYTES + Integer.BYTES),
          "its header is damaged");
      Header header = Json.MAPPER.readValue(text.array(), Header.class);
      if (!header.key.equals(key)) {
        return Optional.empty();
      }
      long size = rows;
      for (int count : header.sizes) {
        size += (long) count * header.length;
      }
      require(channel.size() == size, "expected %s bytes, got %s".formatted(size, channel.size()));
      CRC32C sum = new CRC32C();
      List<Rows> parts = new ArrayList<>();
      for (int count : header.sizes) {
        MappedRows part = MappedRows.of(channel, rows, count, header.length, Integer.MAX_VALUE);
        part.addTo(sum);
        parts.add(part);
        rows += (long) count * header.length;
      }
      require((int) sum.getValue() == header.sum, "its content is damaged");
      M about = Json.MAPPER.treeToValue(header.about, type);
      return Optional.of(new Decoded<>(about, parts, header.leftOut));
    }
  }

  private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new EOFException();
      }
    }
    return bytes.flip();
  }

  private static int sum(ByteBuffer bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return (int) sum.getValue();
  }

  private static void require(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException(otherwise);
    }
  }
}
