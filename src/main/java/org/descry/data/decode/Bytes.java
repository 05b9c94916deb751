package org.descry.data.decode;

import java.nio.charset.StandardCharsets;

/** Numbers in a file's bytes; every reader refuses what lies outside. */
final class Bytes {
  final byte[] all;
  private final boolean bigEndian;

  Bytes(byte[] all, boolean bigEndian) {
    this.all = all;
    this.bigEndian = bigEndian;
  }

  int length() {
    return all.length;
  }

  int u8(long at) throws BadImageException {
    if (at < 0 || at >= all.length) {
      throw BadImageException.cutOff("after %s bytes".formatted(all.length));
    }
    return all[(int) at] & 0xff;
  }

  int u16(long at) throws BadImageException {
    int first = u8(at);
    int second = u8(at + 1);
    return bigEndian ? first << 8 | second : second << 8 | first;
  }

  long u32(long at) throws BadImageException {
    long first = u16(at);
    long second = u16(at + 2);
    return bigEndian ? first << 16 | second : second << 16 | first;
  }

  /** Eight bytes; what does not fit a long is negative. */
  long u64(long at) throws BadImageException {
    long first = u32(at);
    long second = u32(at + 4);
    return bigEndian ? first << 32 | second : second << 32 | first;
  }

  boolean matches(long at, String latin1) {
    byte[] expected = latin1.getBytes(StandardCharsets.ISO_8859_1);
    if (at < 0 || at + expected.length > all.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (all[(int) at + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  String latin1(long at, int length) throws BadImageException {
    u8(at + length - 1);
    return new String(all, (int) at, length, StandardCharsets.ISO_8859_1);
  }
}
