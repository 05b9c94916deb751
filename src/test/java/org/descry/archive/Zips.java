package org.descry.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.descry.io.Json;

/** Takes model zips apart and puts them together again, rightly and wrongly. */
public final class Zips {
  private static final int END_LENGTH = 22;
  private static final int OFFSET = 16;

  private Zips() {}

  public static Map<String, byte[]> entries(byte[] zip) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), in.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  public static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      NetworkZip.write(entries, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The zip with digests that fit its entries. */
  public static byte[] sealed(Map<String, byte[]> entries) {
    Map<String, byte[]> all = new LinkedHashMap<>(entries);
    all.remove(ModelArchive.CHECKSUMS);
    Map<String, String> digests = new TreeMap<>();
    all.forEach((name, content) -> digests.put(name, ModelArchive.sha256(content)));
    all.put(ModelArchive.CHECKSUMS, Json.pretty(digests).getBytes(StandardCharsets.UTF_8));
    return zip(all);
  }

  /** The zip with one entry changed and sealed anew. */
  public static byte[] with(byte[] zip, String name, byte[] content) {
    Map<String, byte[]> entries = entries(zip);
    entries.put(name, content);
    return sealed(entries);
  }

  /** The zip with the text of one entry changed and sealed anew. */
  public static byte[] edited(byte[] zip, String name, UnaryOperator<String> edit) {
    String old = new String(entries(zip).get(name), StandardCharsets.UTF_8);
    String changed = edit.apply(old);
    if (changed.equals(old)) {
      throw new IllegalArgumentException("nothing to change in " + old);
    }
    return with(zip, name, changed.getBytes(StandardCharsets.UTF_8));
  }

  /** A stored entry with its local header, as a reader of local headers sees it. */
  public static byte[] local(String name, byte[] content) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    CRC32 crc = new CRC32();
    crc.update(content);
    return ByteBuffer.allocate(30 + bytes.length + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x04034b50)
        .putShort((short) 20)
        .putInt(0)
        .putInt(0x210000)
        .putInt((int) crc.getValue())
        .putInt(content.length)
        .putInt(content.length)
        .putShort((short) bytes.length)
        .putShort((short) 0)
        .put(bytes)
        .put(content)
        .array();
  }

  /** Where the central directory begins. */
  public static int directory(byte[] zip) {
    return ByteBuffer.wrap(zip)
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt(zip.length - END_LENGTH + OFFSET);
  }

  /** The zip with bytes between its last entry and its directory, which goes on to be found. */
  public static byte[] withHidden(byte[] zip, byte[] hidden) {
    int directory = directory(zip);
    byte[] all = concat(part(zip, 0, directory), hidden, part(zip, directory, zip.length));
    ByteBuffer.wrap(all)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(all.length - END_LENGTH + OFFSET, directory + hidden.length);
    return all;
  }

  public static byte[] part(byte[] bytes, int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
