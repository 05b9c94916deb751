package org.descry.cluster;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A stream in records of AES-GCM, each with its number: none can be read, changed, left out or sent
 * again unnoticed. The key is one connection's and one direction's.
 */
final class Sealed {
  private static final int RECORD = 1 << 16;
  private static final int TAG_BITS = 128;
  private static final int NONCE = 12;

  private final Cipher cipher;
  private final SecretKeySpec key;
  private final int mode;
  private long records;

  private Sealed(byte[] key, int mode) {
    this.key = new SecretKeySpec(key, "AES");
    this.mode = mode;
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private byte[] next(byte[] bytes, int length) throws IOException {
    byte[] number = ByteBuffer.allocate(NONCE).putLong(NONCE - Long.BYTES, records++).array();
    try {
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, number));
      return cipher.doFinal(bytes, 0, length);
    } catch (GeneralSecurityException e) {
      throw new IOException("what was sent is not what has come: " + e.getMessage(), e);
    }
  }

  /**
   * What is written is sent by {@link OutputStream#flush}, or when there is enough for a record.
   */
  static OutputStream to(DataOutputStream out, byte[] key) {
    Sealed seal = new Sealed(key, Cipher.ENCRYPT_MODE);
    return new OutputStream() {
      private final byte[] plain = new byte[RECORD];
      private int length;

      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        for (int done = 0; done < count; ) {
          int now = Math.min(count - done, RECORD - length);
          System.arraycopy(bytes, from + done, plain, length, now);
          length += now;
          done += now;
          if (length == RECORD) {
            send();
          }
        }
      }

      private void send() throws IOException {
        byte[] sealed = seal.next(plain, length);
        length = 0;
        out.writeInt(sealed.length);
        out.write(sealed);
      }

      @Override
      public void flush() throws IOException {
        if (length > 0) {
          send();
        }
        out.flush();
      }
    };
  }

  static InputStream from(DataInputStream in, byte[] key) {
    Sealed seal = new Sealed(key, Cipher.DECRYPT_MODE);
    return new InputStream() {
      private final byte[] sealed = new byte[RECORD + TAG_BITS / Byte.SIZE];
      private byte[] plain = {};
      private int at;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] to, int from, int count) throws IOException {
        if (count == 0) {
          return 0;
        }
        if (at == plain.length && !receive()) {
          return -1;
        }
        int now = Math.min(count, plain.length - at);
        System.arraycopy(plain, at, to, from, now);
        at += now;
        return now;
      }

      private boolean receive() throws IOException {
        int first = in.read();
        if (first < 0) {
          return false;
        }
        int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (length <= TAG_BITS / Byte.SIZE || length > sealed.length) {
          throw new IOException(
              "expected a record of at most %s bytes, got %s".formatted(sealed.length, length));
        }
        in.readFully(sealed, 0, length);
        plain = seal.next(sealed, length);
        at = 0;
        return true;
      }
    };
  }
}
