package org.descry.archive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.descry.DescryException;

/** A zip whose directory tells the whole of it, open to read each entry once. */
final class ZipContent implements Closeable {
  /** No deflated stream unpacks to more than so many times its length. */
  private static final long LARGEST_RATIO = 1032;

  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final Map<String, ZipDirectory.Entry> entries;

  private ZipContent(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    entries = ZipDirectory.of(file, channel);
  }

  /**
   * @param file what the zip is called in messages
   * @param stored where it lies
   * @throws DescryException if it is missing, is no whole zip, or holds more than its directory
   *     lists
   * @throws IOException if it cannot be read
   */
  static ZipContent open(Path file, Path stored) throws IOException {
    if (Files.isDirectory(stored)) {
      throw Refusal.of(file, "is a folder; expected a model zip.");
    }
    if (!Files.isRegularFile(stored)) {
      throw Refusal.of(
          file,
          "%s; expected a model zip.",
          Files.exists(stored) ? "not a regular file" : "no such file");
    }
    FileChannel channel = FileChannel.open(stored);
    try {
      return new ZipContent(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  Set<String> names() {
    return entries.keySet();
  }

  /** The number of bytes that an entry unpacks to, as the directory says. */
  long size(String name) {
    return entries.get(name).size();
  }

  /**
   * Unpacks an entry.
   *
   * @param limit the number of bytes that it may have
   * @throws DescryException if it is larger, before it is unpacked, or damaged
   * @throws IOException if the file cannot be read
   */
  byte[] read(String name, long limit) throws IOException {
    ZipDirectory.Entry entry = entries.get(name);
    if (entry.size() > Math.min(limit, Integer.MAX_VALUE - 8)) {
      throw Refusal.of(
          file,
          "%s unpacks to %,d bytes; expected at most %,d.",
          Refusal.quoted(name),
          entry.size(),
          limit);
    }
    boolean possible =
        entry.method() == ZipDirectory.STORED
            ? entry.size() == entry.compressed()
            : entry.size() <= LARGEST_RATIO * entry.compressed();
    if (!possible) {
      throw damaged(entry);
    }
    byte[] content = new byte[(int) entry.size()];
    boolean whole =
        entry.method() == ZipDirectory.STORED
            ? fill(ByteBuffer.wrap(content), entry.data())
            : inflate(entry, content);
    CRC32 crc = new CRC32();
    crc.update(content);
    if (!whole || (int) crc.getValue() != entry.crc()) {
      throw damaged(entry);
    }
    return content;
  }

  private boolean fill(ByteBuffer buffer, long position) throws IOException {
    long next = position;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, next);
      if (count < 0) {
        return false;
      }
      next += count;
    }
    return true;
  }

  /** Whether the entry unpacks to just that many bytes and is used up with them. */
  private boolean inflate(ZipDirectory.Entry entry, byte[] content) throws IOException {
    Inflater inflater = new Inflater(true);
    try {
      long position = entry.data();
      long end = entry.data() + entry.compressed();
      int length = 0;
      byte[] beyond = new byte[1];
      while (!inflater.finished()) {
        if (inflater.needsInput()) {
          ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, end - position));
          if (chunk.capacity() == 0 || !fill(chunk, position)) {
            return false;
          }
          position += chunk.capacity();
          inflater.setInput(chunk.array());
        }
        int count =
            length < content.length
                ? inflater.inflate(content, length, content.length - length)
                : inflater.inflate(beyond);
        length += count;
        if (length > content.length || inflater.needsDictionary()) {
          return false;
        }
      }
      return length == content.length && position - inflater.getRemaining() == end;
    } catch (DataFormatException e) {
      return false;
    } finally {
      inflater.end();
    }
  }

  private DescryException damaged(ZipDirectory.Entry entry) {
    return Refusal.of(
        file,
        "not a whole zip (%s is damaged); expected a model zip.",
        Refusal.quoted(entry.name()));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
