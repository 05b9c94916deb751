package org.descry.data.image.cifar;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.descry.io.Excerpt;

/**
 * Reads a pickle (protocols 2 to 5) of plain values: dictionaries, lists, tuples, strings, numbers
 * and NumPy's arrays of bytes. Nothing that a pickle names is ever looked up or called: the few
 * names that such pickles need are known, and any other is refused. Sizes are bounded by the file.
 *
 * <p>A dictionary is a Map with String keys, a list or tuple a List, a string or bytes a byte[], a
 * number a Long or Double, an array a {@link PickledArray}.
 */
final class Pickle {
  private static final int MAX_LINE = 200;
  private static final int MAX_VALUES = 4_000_000; // on the stack, in lists and in the memo

  /** Something that a pickle names, by its module and its name. */
  private record Name(String text) {}

  /** An array whose contents come later. */
  private static final class Pending {
    private PickledArray array;
  }

  private final ByteBuffer in;
  private final PickleStack stack = new PickleStack();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int values;
  private long made;

  private Pickle(byte[] file) {
    in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * @throws IOException if the file is damaged or holds anything else; the message continues a
   *     sentence that begins with the file's name
   */
  static Object read(byte[] file) throws IOException {
    try {
      return new Pickle(file).run();
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IOException("is cut off or damaged; expected a whole pickle", e);
    } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
      throw new IOException("is damaged; expected a pickle of a dictionary", e);
    }
  }

  private Object run() throws IOException {
    while (true) {
      int opcode = in.get() & 0xff;
      if (opcode == '.') {
        return resolved(stack.pop());
      }
      if (++values > MAX_VALUES) {
        throw new IOException("holds more than %s values".formatted(MAX_VALUES));
      }
      step(opcode);
    }
  }

  private void step(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> in.get(); // protocol
      case 0x95 -> in.getLong(); // frame
      case '(' -> stack.mark();
      case 'N' -> stack.push(null);
      case 0x88 -> stack.push(1L);
      case 0x89 -> stack.push(0L);
      case 'K' -> stack.push((long) (in.get() & 0xff));
      case 'M' -> stack.push((long) (in.getShort() & 0xffff));
      case 'J' -> stack.push((long) in.getInt());
      case 'I' -> stack.push(integer(line()));
      case 0x8a -> stack.push(longer(in.get() & 0xff));
      case 'G' -> stack.push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'U', 'C', 0x8c -> stack.push(bytes(in.get() & 0xff));
      case 'T', 'B', 'X' -> stack.push(bytes(in.getInt() & 0xffffffffL));
      case 0x8d, 0x8e, 0x96 -> stack.push(bytes(in.getLong()));
      case '}' -> stack.push(new LinkedHashMap<String, Object>());
      case ']', ')' -> stack.push(new ArrayList<Object>());
      case 'd' -> stack.push(dictionary(stack.popToMark()));
      case 'l', 't' -> stack.push(stack.popToMark());
      case 0x85, 0x86, 0x87 -> stack.push(stack.popLast(opcode - 0x84));
      case 'a' -> stack.list(1).add(stack.pop());
      case 'e' -> {
        List<Object> items = stack.popToMark();
        stack.list(0).addAll(items);
      }
      case 's' -> {
        List<Object> pair = stack.popLast(2);
        stack.map().putAll(dictionary(pair));
      }
      case 'u' -> {
        List<Object> pairs = stack.popToMark();
        stack.map().putAll(dictionary(pairs));
      }
      case 'q' -> memo.put(in.get() & 0xff, stack.top());
      case 'r' -> memo.put(in.getInt(), stack.top());
      case 0x94 -> memo.put(memo.size(), stack.top());
      case 'h' -> stack.push(remembered(in.get() & 0xff));
      case 'j' -> stack.push(remembered(in.getInt()));
      case '0' -> stack.pop();
      case '1' -> stack.popToMark();
      case '2' -> stack.push(stack.top());
      case 'c' -> stack.push(name(line(), line()));
      case 0x93 -> {
        List<Object> parts = stack.popLast(2);
        stack.push(name(text(parts.get(0)), text(parts.get(1))));
      }
      case 'R' -> reduce();
      case 'b' -> build();
      default ->
          throw new IOException(
              "holds more than dictionaries, lists, strings, numbers and arrays (opcode 0x%02x at byte %s)"
                  .formatted(opcode, in.position() - 1));
    }
  }

  private Object remembered(int place) throws IOException {
    Object value = memo.get(place);
    if (value == null) {
      throw new IOException("is damaged: it asks for value %s before it is there".formatted(place));
    }
    return value;
  }

  private Map<String, Object> dictionary(List<Object> pairs) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      map.put(text(pairs.get(i)), resolved(pairs.get(i + 1)));
    }
    return map;
  }

  private byte[] bytes(long length) throws IOException {
    if (length < 0 || length > in.remaining()) {
      throw new IOException(
          "is cut off or damaged: %s bytes are announced and %s left"
              .formatted(length, in.remaining()));
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  private Long longer(int length) throws IOException {
    if (length > 8) {
      throw new IOException("holds a number of %s bytes".formatted(length));
    }
    byte[] bytes = bytes(length);
    long value = length > 0 && bytes[length - 1] < 0 ? -1 : 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }

  private String line() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = in.get(); c != '\n'; c = in.get()) {
      text.append((char) (c & 0xff));
      if (text.length() > MAX_LINE) {
        throw new IOException("is damaged: a name or number has over %s bytes".formatted(MAX_LINE));
      }
    }
    return text.toString();
  }

  private static Long integer(String line) throws IOException {
    return switch (line) {
      case "00" -> 0L; // how protocol 1 writes False
      case "01" -> 1L;
      default -> {
        try {
          yield Long.valueOf(line);
        } catch (NumberFormatException e) {
          throw new IOException("holds the number " + Excerpt.of(line), e);
        }
      }
    };
  }

  private static String text(Object value) throws IOException {
    if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    throw new IOException("is damaged: expected a string");
  }

  /**
   * The names that pickled arrays and strings of Python 2 and 3 are made by; there are no others.
   */
  private static Name name(String module, String name) throws IOException {
    String text = module.replace("numpy._core", "numpy.core") + "." + name;
    return switch (text) {
      case "numpy.core.multiarray._reconstruct",
          "numpy.core.numeric._frombuffer",
          "numpy.ndarray",
          "numpy.dtype",
          "_codecs.encode",
          "__builtin__.bytes",
          "builtins.bytes",
          "builtins.bytearray" ->
          new Name(text);
      default ->
          throw new IOException(
              "names %s; expected a pickle of plain values, which is all that is read"
                  .formatted(Excerpt.of(text)));
    };
  }

  private void reduce() throws IOException {
    List<Object> pair = stack.popLast(2);
    String called = ((Name) pair.get(0)).text();
    List<?> arguments = (List<?>) pair.get(1);
    switch (called) {
      case "numpy.core.multiarray._reconstruct" -> stack.push(new Pending());
      case "numpy.dtype" -> stack.push(new PickledArray.Type(text(arguments.get(0))));
      case "numpy.core.numeric._frombuffer" ->
          stack.push(
              PickledArray.of(
                  (List<?>) arguments.get(2),
                  arguments.get(1),
                  arguments.get(0),
                  text(arguments.get(3)).equals("F")));
      case "_codecs.encode" -> stack.push(encoded(text(arguments.get(0))));
      case "builtins.bytes", "builtins.bytearray", "__builtin__.bytes" ->
          stack.push(arguments.isEmpty() ? new byte[0] : (byte[]) arguments.get(0));
      default -> throw new IOException("is damaged: it calls " + called);
    }
  }

  /** Each string is encoded once: a file that asks for more would unpack to any size. */
  private byte[] encoded(String text) throws IOException {
    made += text.length();
    if (made > in.limit()) {
      throw new IOException("is damaged: it unpacks to more than itself");
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The state of an array: version, shape, type, whether by columns, and its bytes. */
  private void build() throws IOException {
    Object state = stack.pop();
    if (stack.top() instanceof Pending pending) {
      List<?> parts = (List<?>) state;
      pending.array =
          PickledArray.of(
              (List<?>) parts.get(1),
              parts.get(2),
              parts.get(4),
              !Long.valueOf(0).equals(parts.get(3)));
    } else if (!(stack.top() instanceof PickledArray.Type)) {
      throw new IOException("holds an object; expected a pickle of plain values");
    }
  }

  private static Object resolved(Object value) {
    return value instanceof Pending pending ? pending.array : value;
  }
}
