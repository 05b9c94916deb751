package org.descry.data.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The first page of a TIFF file, classic or big, down to the entries that its pixels need.
 *
 * @param orientation 1 to 8, as in EXIF
 * @param essential the file with a directory of those entries alone: no later page, no notes, no
 *     colour profile
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TiffFile(int height, int width, int orientation, byte[] essential) {
  private static final int MAX_SAMPLES = 8;
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int STRIP_OFFSETS = 273;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES = 277;
  private static final int STRIP_BYTES = 279;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTES = 325;
  private static final int OLD_JPEG = 6;

  /** Of baseline TIFF and its extensions, the entries that say how pixels are stored. */
  private static final Set<Integer> KEPT =
      Set.of(
          WIDTH,
          HEIGHT,
          BITS,
          COMPRESSION,
          262,
          266,
          STRIP_OFFSETS,
          SAMPLES,
          278,
          STRIP_BYTES,
          284,
          292,
          293,
          317,
          320,
          TILE_WIDTH,
          TILE_HEIGHT,
          TILE_OFFSETS,
          TILE_BYTES,
          332,
          338,
          339,
          347,
          529,
          530,
          531,
          532);

  /**
   * @param maxPixels the most that a tile may have
   * @throws BadImageException if the file lacks bytes that the directory names, or names sizes that
   *     make no sense
   */
  static TiffFile parse(byte[] file, long maxPixels) throws BadImageException {
    return new Directory(file).read(maxPixels);
  }

  private record Entry(int tag, int type, long count, long at, long values) {}

  /** The first directory. */
  private static final class Directory {
    private final Bytes bytes;
    private final boolean big;
    private final int word; // bytes of an offset
    private final List<Entry> entries = new ArrayList<>();

    Directory(byte[] file) throws BadImageException {
      bytes = new Bytes(file, file[0] == 'M');
      big = bytes.u16(2) == 43;
      word = big ? 8 : 4;
      long at = offset(big ? 8 : 4);
      long count = big ? bytes.u64(at) : bytes.u16(at);
      long first = at + (big ? 8 : 2);
      int size = 4 + 2 * word;
      if (count < 0 || count > bytes.length() / size) {
        throw BadImageException.cutOff("in its directory");
      }
      for (int i = 0; i < count; i++) {
        Entry entry = entry(first + (long) i * size);
        if (KEPT.contains(entry.tag) || entry.tag == ORIENTATION) {
          entries.add(entry);
        }
      }
    }

    private long offset(long at) throws BadImageException {
      long offset = big ? bytes.u64(at) : bytes.u32(at);
      bytes.u8(offset);
      return offset;
    }

    private Entry entry(long at) throws BadImageException {
      int tag = bytes.u16(at);
      int type = bytes.u16(at + 2);
      long count = big ? bytes.u64(at + 4) : bytes.u32(at + 4);
      bytes.u8(at + 3L + 2 * word);
      if (!KEPT.contains(tag) && tag != ORIENTATION) {
        return new Entry(tag, type, count, at, at);
      }
      int each = bytesOf(type);
      if (count < 1 || count > bytes.length()) {
        throw BadImageException.cutOff("in the values of tag %s".formatted(tag));
      }
      long values = at + 4 + word;
      if (count * each > word) {
        values = offset(values);
        if (count * each > bytes.length() - values) {
          throw BadImageException.cutOff("in the values of tag %s".formatted(tag));
        }
      }
      return new Entry(tag, type, count, at, values);
    }

    private static int bytesOf(int type) {
      return switch (type) {
        case 3, 8 -> 2;
        case 4, 9, 11, 13 -> 4;
        case 5, 10, 12, 16, 17, 18 -> 8;
        default -> 1;
      };
    }

    private Entry find(int tag) {
      return entries.stream().filter(entry -> entry.tag == tag).findFirst().orElse(null);
    }

    private long value(Entry entry, long index) throws BadImageException {
      int each = bytesOf(entry.type);
      long at = entry.values + index * each;
      return switch (each) {
        case 1 -> bytes.u8(at);
        case 2 -> bytes.u16(at);
        case 4 -> bytes.u32(at);
        default -> bytes.u64(at);
      };
    }

    private long value(int tag, long otherwise) throws BadImageException {
      Entry entry = find(tag);
      return entry == null ? otherwise : value(entry, 0);
    }

    TiffFile read(long maxPixels) throws BadImageException {
      long width = value(WIDTH, 0);
      long height = value(HEIGHT, 0);
      if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
        throw new BadImageException("is damaged: its size is %s x %s".formatted(height, width));
      }
      requireSamples();
      requireTiles(maxPixels);
      if (value(COMPRESSION, 1) == OLD_JPEG) {
        throw new BadImageException("is compressed as in TIFF 6.0's first JPEG; expected another");
      }
      boolean tiled = find(TILE_OFFSETS) != null;
      requireData(tiled ? TILE_OFFSETS : STRIP_OFFSETS, tiled ? TILE_BYTES : STRIP_BYTES);
      return new TiffFile((int) height, (int) width, (int) value(ORIENTATION, 1), essential());
    }

    private void requireSamples() throws BadImageException {
      long samples = value(SAMPLES, 1);
      Entry bits = find(BITS);
      for (int i = 0; bits != null && i < bits.count; i++) {
        long depth = value(bits, i);
        if (depth < 1 || depth > 16) {
          throw new BadImageException("has samples of %s bits; expected 1 to 16".formatted(depth));
        }
      }
      if (samples < 1 || samples > MAX_SAMPLES || bits != null && bits.count > MAX_SAMPLES) {
        throw new BadImageException(
            "has %s samples a pixel; expected 1 to %s".formatted(samples, MAX_SAMPLES));
      }
    }

    private void requireTiles(long maxPixels) throws BadImageException {
      long width = value(TILE_WIDTH, 1);
      long height = value(TILE_HEIGHT, 1);
      if (width < 1 || height < 1 || width > maxPixels / height) {
        throw new BadImageException("has tiles of %s x %s pixels".formatted(height, width));
      }
    }

    private void requireData(int offsetsTag, int sizesTag) throws BadImageException {
      Entry offsets = find(offsetsTag);
      Entry sizes = find(sizesTag);
      if (offsets == null || sizes == null || offsets.count != sizes.count) {
        throw new BadImageException("is damaged: its directory does not say where its data lie");
      }
      for (long i = 0; i < offsets.count; i++) {
        long from = value(offsets, i);
        long length = value(sizes, i);
        if (from < 0 || length < 0 || from > bytes.length() || length > bytes.length() - from) {
          throw BadImageException.cutOff("in its image data");
        }
      }
    }

    /** The file, and behind it a directory that the header points to. */
    private byte[] essential() {
      List<Entry> kept = entries.stream().filter(entry -> KEPT.contains(entry.tag)).toList();
      int size = 4 + 2 * word;
      int begin = bytes.length() + (bytes.length() & 1);
      ByteBuffer file = ByteBuffer.allocate(begin + 8 + kept.size() * size + word);
      file.order(bytes.all[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      file.put(bytes.all);
      if (big) {
        file.putLong(8, begin).position(begin).putLong(kept.size());
      } else {
        file.putInt(4, begin).position(begin).putShort((short) kept.size());
      }
      kept.forEach(entry -> file.put(bytes.all, (int) entry.at, size));
      return file.array();
    }
  }
}
