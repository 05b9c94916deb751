package org.descry.archive;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.DescryException;

/**
 * The central directory of a zip, held against the whole file: each entry's local header says what
 * the directory says, the entries follow one another without gap or overlap from the first byte to
 * the directory, and the file ends with it. So a reader of local headers, such as {@link
 * java.util.zip.ZipInputStream}, would see these entries and no others.
 *
 * <p>Zip64, comments and encryption are refused: no model zip has them. (Layout: PKWARE's APPNOTE
 * 6.3, 4.3.)
 */
final class ZipDirectory {
  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final int END = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_LENGTH = 30;
  private static final int DESCRIPTOR = 0x08074b50;
  private static final int ENCRYPTED = 1;
  private static final int HAS_DESCRIPTOR = 1 << 3;
  private static final int LARGEST = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * One entry as the directory has it.
   *
   * @param local where its local header begins
   * @param data where its bytes begin
   */
  record Entry(
      String name,
      int flags,
      int method,
      int crc,
      long compressed,
      long size,
      long local,
      long data) {
    private Entry at(long begin) {
      return new Entry(name, flags, method, crc, compressed, size, local, begin);
    }

    private boolean flag(int bit) {
      return (flags & bit) != 0;
    }
  }

  private ZipDirectory(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * @return the entries by their names, in the order of the file
   * @throws DescryException if the file is no whole zip, or holds more than its directory lists
   * @throws IOException if it cannot be read
   */
  static Map<String, Entry> of(Path file, FileChannel channel) throws IOException {
    ZipDirectory directory = new ZipDirectory(file, channel);
    try {
      directory.read();
    } catch (BufferUnderflowException e) {
      throw directory.broken("its central directory is cut off");
    }
    return directory.entries;
  }

  private void read() throws IOException {
    long begin = channel.size() - END_LENGTH;
    if (begin < 0) {
      throw broken("it has %s bytes".formatted(channel.size()));
    }
    ByteBuffer end = bytes(begin, END_LENGTH);
    if (end.getInt() != END) {
      throw broken("it does not end with a central directory");
    }
    long disks = end.getInt();
    int here = unsigned(end.getShort());
    int count = unsigned(end.getShort());
    long size = Integer.toUnsignedLong(end.getInt());
    long offset = Integer.toUnsignedLong(end.getInt());
    if (disks != 0 || here != count || end.getShort() != 0 || offset + size != begin) {
      throw broken("its central directory is not the last that it holds");
    }
    if (size > LARGEST) {
      throw broken(String.format(Locale.ROOT, "its central directory has %,d bytes", size));
    }
    List<Entry> listed = listed(bytes(offset, (int) size), count);
    listed.sort(Comparator.comparingLong(Entry::local));
    long position = 0;
    for (Entry entry : listed) {
      if (entry.local != position) {
        throw hidden(position);
      }
      position = addWhole(entry, offset);
    }
    if (position != offset) {
      throw hidden(position);
    }
  }

  private List<Entry> listed(ByteBuffer directory, int count) {
    List<Entry> listed = new ArrayList<>();
    while (directory.hasRemaining()) {
      if (directory.getInt() != CENTRAL) {
        throw broken("its central directory is damaged");
      }
      directory.getInt(); // versions
      int flags = unsigned(directory.getShort());
      int method = unsigned(directory.getShort());
      directory.getInt(); // time
      int crc = directory.getInt();
      long compressed = Integer.toUnsignedLong(directory.getInt());
      long size = Integer.toUnsignedLong(directory.getInt());
      int nameLength = unsigned(directory.getShort());
      int skipped = unsigned(directory.getShort()) + unsigned(directory.getShort());
      directory.getShort(); // disk
      directory.getShort(); // internal attributes
      directory.getInt(); // external attributes
      long local = Integer.toUnsignedLong(directory.getInt());
      byte[] name = new byte[nameLength];
      directory.get(name).get(new byte[skipped]);
      Entry entry =
          new Entry(
              new String(name, StandardCharsets.UTF_8),
              flags,
              method,
              crc,
              compressed,
              size,
              local,
              0);
      if (entry.flag(ENCRYPTED) || (method != STORED && method != DEFLATED)) {
        throw broken("%s is encrypted or packed in an unknown way".formatted(quoted(entry)));
      }
      listed.add(entry);
    }
    if (listed.size() != count) {
      throw broken("its central directory lists %s entries of %s".formatted(listed.size(), count));
    }
    return listed;
  }

  /** Adds an entry whose local header agrees with the directory, and returns where it ends. */
  private long addWhole(Entry entry, long limit) throws IOException {
    ByteBuffer header = bytes(entry.local, LOCAL_LENGTH);
    boolean agrees = header.getInt() == LOCAL;
    header.getShort(); // version
    agrees &= unsigned(header.getShort()) == entry.flags;
    agrees &= unsigned(header.getShort()) == entry.method;
    header.getInt(); // time
    boolean later = entry.flag(HAS_DESCRIPTOR);
    agrees &= same(header, entry, later);
    int nameLength = unsigned(header.getShort());
    int extraLength = unsigned(header.getShort());
    byte[] name = new byte[nameLength];
    bytes(entry.local + LOCAL_LENGTH, nameLength).get(name);
    agrees &= new String(name, StandardCharsets.UTF_8).equals(entry.name);
    long data = entry.local + LOCAL_LENGTH + nameLength + extraLength;
    long end = data + entry.compressed;
    agrees &= end <= limit && !(later && entry.method == STORED);
    if (agrees && later) {
      ByteBuffer descriptor = bytes(end, Integer.BYTES);
      boolean marked = descriptor.getInt() == DESCRIPTOR;
      int begin = marked ? Integer.BYTES : 0;
      agrees = same(bytes(end + begin, 3 * Integer.BYTES), entry, false);
      end += begin + 3 * Integer.BYTES;
    }
    if (!agrees) {
      throw broken("%s is not what its central directory says".formatted(quoted(entry)));
    }
    if (entries.put(entry.name, entry.at(data)) != null) {
      throw Refusal.of(
          file, "holds %s twice; expected a model zip written by Descry.", quoted(entry));
    }
    return end;
  }

  /** Whether the next three numbers are the entry's checksum and sizes, or zeros where allowed. */
  private static boolean same(ByteBuffer from, Entry entry, boolean orZero) {
    int crc = from.getInt();
    long compressed = Integer.toUnsignedLong(from.getInt());
    long size = Integer.toUnsignedLong(from.getInt());
    return (orZero && crc == 0 && compressed == 0 && size == 0)
        || (crc == entry.crc && compressed == entry.compressed && size == entry.size);
  }

  private ByteBuffer bytes(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining() && position + buffer.position() < channel.size()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        break;
      }
    }
    return buffer.flip();
  }

  private static int unsigned(short value) {
    return Short.toUnsignedInt(value);
  }

  private static String quoted(Entry entry) {
    return Refusal.quoted(entry.name);
  }

  private DescryException broken(String how) {
    return Refusal.of(file, "not a whole zip (%s); expected a model zip.", how);
  }

  private DescryException hidden(long position) {
    return Refusal.of(
        file,
        "holds data at byte %s that its central directory does not list; expected a model zip"
            + " written by Descry.",
        position);
  }
}
