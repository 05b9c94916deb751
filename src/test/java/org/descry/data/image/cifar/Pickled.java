package org.descry.data.image.cifar;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes pickles as Python 2 and 3 write the CIFAR dictionaries. */
public final class Pickled {
  /** Who writes: the official archives are of the first kind. */
  public enum Writer {
    PYTHON2,
    PYTHON3_PROTOCOL2,
    PYTHON3_PROTOCOL5
  }

  private final Writer writer;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int memo;

  private Pickled(Writer writer) {
    this.writer = writer;
    code(0x80, writer == Writer.PYTHON3_PROTOCOL5 ? 5 : 2);
  }

  public static byte[] batch(Writer writer, byte[] data, String labelsKey, List<Integer> labels) {
    Pickled pickle = new Pickled(writer);
    pickle.code('}');
    pickle.remember();
    pickle.code('(');
    pickle.bytes("batch_label");
    pickle.bytes("training batch 1 of 1");
    pickle.bytes("data");
    pickle.array(data);
    pickle.bytes(labelsKey);
    pickle.code(']');
    pickle.remember();
    pickle.code('(');
    labels.forEach(pickle::number);
    pickle.code('e', 'u', '.');
    return pickle.out.toByteArray();
  }

  public static byte[] names(Writer writer, String key, List<String> names) {
    Pickled pickle = new Pickled(writer);
    pickle.code('}');
    pickle.remember();
    pickle.code('(');
    pickle.bytes("num_cases_per_batch");
    pickle.number(10_000);
    pickle.bytes(key);
    pickle.code(']');
    pickle.remember();
    pickle.code('(');
    names.forEach(pickle::bytes);
    pickle.code('e', 'u', '.');
    return pickle.out.toByteArray();
  }

  private void code(int... codes) {
    for (int code : codes) {
      out.write(code);
    }
  }

  private void remember() {
    if (writer == Writer.PYTHON3_PROTOCOL5) {
      code(0x94);
    } else if (memo < 256) {
      code('q', memo++);
    } else {
      code('r');
      little(memo++);
    }
  }

  private void little(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void number(int value) {
    if (value < 256) {
      code('K', value);
    } else if (value < 65536) {
      code('M', value & 0xff, value >> 8);
    } else {
      code('J');
      little(value);
    }
  }

  private void global(String module, String name) {
    if (writer == Writer.PYTHON3_PROTOCOL5) {
      text(module);
      text(name);
      code(0x93);
    } else {
      out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    remember();
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    code('X');
    little(utf8.length);
    out.writeBytes(utf8);
    remember();
  }

  private void bytes(String text) {
    bytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void bytes(byte[] bytes) {
    switch (writer) {
      case PYTHON2 -> {
        if (bytes.length < 256) {
          code('U', bytes.length);
        } else {
          code('T');
          little(bytes.length);
        }
        out.writeBytes(bytes);
        remember();
      }
      case PYTHON3_PROTOCOL2 -> {
        global("_codecs", "encode");
        text(new String(bytes, StandardCharsets.ISO_8859_1));
        text("latin1");
        code(0x86);
        remember();
        code('R');
        remember();
      }
      case PYTHON3_PROTOCOL5 -> {
        code('B');
        little(bytes.length);
        out.writeBytes(bytes);
        remember();
      }
    }
  }

  /** N x 3072 unsigned bytes. */
  private void array(byte[] data) {
    int rows = data.length / 3072;
    if (writer == Writer.PYTHON3_PROTOCOL5) {
      global("numpy._core.numeric", "_frombuffer");
      code('(', 0x96); // a bytearray
      out.writeBytes(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array());
      out.writeBytes(data);
      remember();
      dtype();
      number(rows);
      number(3072);
      code(0x86);
      text("C");
      code('t', 'R');
      remember();
      return;
    }
    global("numpy.core.multiarray", "_reconstruct");
    global("numpy", "ndarray");
    number(0);
    code(0x85);
    bytes("b");
    code(0x87);
    remember();
    code('R');
    remember();
    code('(');
    number(1);
    number(rows);
    number(3072);
    code(0x86);
    dtype();
    code(0x89);
    bytes(data);
    code('t', 'b');
  }

  private void dtype() {
    global("numpy", "dtype");
    if (writer == Writer.PYTHON2) {
      bytes("u1");
    } else {
      text("u1");
    }
    number(0);
    number(1);
    code(0x87, 'R');
    remember();
    code('(');
    number(3);
    text("|");
    code('N', 'N', 'N');
    code('J');
    little(-1);
    code('J');
    little(-1);
    number(0);
    code('t', 'b');
  }
}
