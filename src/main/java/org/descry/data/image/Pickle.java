package org.descry.data.image;

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

/**
 * Reads a pickle (protocols 2 to 5) of plain values: dictionaries, lists, tuples, strings, numbers
 * and NumPy's arrays of bytes. Nothing that a pickle names is ever looked up or called: the few
 * names that such pickles need are known, and any other is refused. Sizes are bounded by the file.
 *
 * <p>A dictionary is a Map with String keys, a list or tuple a List, a string or bytes a byte[], a
 * number a Long or Double, an array an {@link Array}.
 */
final class Pickle {
  private static final int MAX_VALUES = 4_000_000; // on the stack, in lists and in the memo
  private static final Object MARK = new Object();

  /** An array of unsigned bytes, row by row. */
  record Array(List<Long> shape, ByteBuffer values) {}

  /** Something that a pickle names, by its module and its name. */
  private record Name(String text) {}

  /** An array whose contents come later. */
  private static final class Pending {
    private Array array;
  }

  private record Dtype(String code) {}

  private final ByteBuffer in;
  private final List<Object> stack = new ArrayList<>();
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
        return resolved(pop());
      }
      if (++values > MAX_VALUES) {
        throw new IOException("holds more than %d values".formatted(MAX_VALUES));
      }
      step(opcode);
    }
  }

  private void step(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> in.get(); // protocol
      case 0x95 -> in.getLong(); // frame
      case '(' -> push(MARK);
      case 'N' -> push(null);
      case 0x88 -> push(1L);
      case 0x89 -> push(0L);
      case 'K' -> push((long) (in.get() & 0xff));
      case 'M' -> push((long) (in.getShort() & 0xffff));
      case 'J' -> push((long) in.getInt());
      case 'I' -> push(integer(line()));
      case 0x8a -> push(longer(in.get() & 0xff));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'U', 'C', 0x8c -> push(bytes(in.get() & 0xff));
      case 'T', 'B', 'X' -> push(bytes(in.getInt() & 0xffffffffL));
      case 0x8d, 0x8e, 0x96 -> push(bytes(in.getLong()));
      case '}' -> push(new LinkedHashMap<String, Object>());
      case ']', ')' -> push(new ArrayList<Object>());
      case 'd' -> push(dictionary(popToMark()));
      case 'l', 't' -> push(popToMark());
      case 0x85, 0x86, 0x87 -> push(popLast(opcode - 0x84));
      case 'a' -> list(stack.size() - 2).add(pop());
      case 'e' -> {
        List<Object> items = popToMark();
        list(stack.size() - 1).addAll(items);
      }
      case 's' -> {
        List<Object> pair = popLast(2);
        map().putAll(dictionary(pair));
      }
      case 'u' -> {
        List<Object> pairs = popToMark();
        map().putAll(dictionary(pairs));
      }
      case 'q' -> memo.put(in.get() & 0xff, top());
      case 'r' -> memo.put(in.getInt(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(remembered(in.get() & 0xff));
      case 'j' -> push(remembered(in.getInt()));
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(top());
      case 'c' -> push(name(line(), line()));
      case 0x93 -> {
        List<Object> parts = popLast(2);
        push(name(text(parts.get(0)), text(parts.get(1))));
      }
      case 'R' -> reduce();
      case 'b' -> build();
      default ->
          throw new IOException(
              "holds more than dictionaries, lists, strings, numbers and arrays (opcode 0x%02x at byte %d)"
                  .formatted(opcode, in.position() - 1));
    }
  }

  private Object remembered(int place) throws IOException {
    Object value = memo.get(place);
    if (value == null) {
      throw new IOException("is damaged: it asks for value %d before it is there".formatted(place));
    }
    return value;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object pop() {
    return stack.remove(stack.size() - 1);
  }

  private Object top() {
    return stack.get(stack.size() - 1);
  }

  private List<Object> popLast(int count) {
    List<Object> last = stack.subList(stack.size() - count, stack.size());
    List<Object> taken = new ArrayList<>(last);
    last.clear();
    return taken;
  }

  private List<Object> popToMark() {
    int mark = stack.size() - 1;
    while (stack.get(mark) != MARK) {
      mark--;
    }
    List<Object> taken = popLast(stack.size() - mark - 1);
    pop();
    return taken;
  }

  @SuppressWarnings("unchecked") // every List on the stack is one of ours
  private List<Object> list(int at) {
    return (List<Object>) stack.get(at);
  }

  @SuppressWarnings("unchecked") // every Map on the stack is one of ours
  private Map<String, Object> map() {
    return (Map<String, Object>) top();
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
          "is cut off or damaged: %d bytes are announced and %d left"
              .formatted(length, in.remaining()));
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  private Long longer(int length) throws IOException {
    if (length > 8) {
      throw new IOException("holds a number of %d bytes".formatted(length));
    }
    byte[] bytes = bytes(length);
    long value = length > 0 && bytes[length - 1] < 0 ? -1 : 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }

  private String line() {
    StringBuilder text = new StringBuilder();
    for (int c = in.get(); c != '\n'; c = in.get()) {
      text.append((char) (c & 0xff));
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
          throw new IOException("holds the number " + line, e);
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
                  .formatted(text));
    };
  }

  private void reduce() throws IOException {
    List<Object> pair = popLast(2);
    String called = ((Name) pair.get(0)).text();
    List<?> arguments = (List<?>) pair.get(1);
    switch (called) {
      case "numpy.core.multiarray._reconstruct" -> push(new Pending());
      case "numpy.dtype" -> push(new Dtype(text(arguments.get(0))));
      case "numpy.core.numeric._frombuffer" ->
          push(
              array(
                  (List<?>) arguments.get(2),
                  arguments.get(1),
                  arguments.get(0),
                  text(arguments.get(3)).equals("F")));
      case "_codecs.encode" -> push(encoded(text(arguments.get(0))));
      case "builtins.bytes", "builtins.bytearray", "__builtin__.bytes" ->
          push(arguments.isEmpty() ? new byte[0] : (byte[]) arguments.get(0));
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
    Object state = pop();
    if (top() instanceof Pending pending) {
      List<?> parts = (List<?>) state;
      pending.array =
          array(
              (List<?>) parts.get(1),
              parts.get(2),
              parts.get(4),
              !Long.valueOf(0).equals(parts.get(3)));
    } else if (!(top() instanceof Dtype)) {
      throw new IOException("holds an object; expected a pickle of plain values");
    }
  }

  private static Array array(List<?> shape, Object dtype, Object values, boolean byColumns)
      throws IOException {
    String code = ((Dtype) dtype).code();
    if (!code.equals("u1") && !code.equals("|u1")) {
      throw new IOException("holds an array of type %s; expected unsigned bytes".formatted(code));
    }
    byte[] bytes = (byte[]) values;
    List<Long> sides = shape.stream().map(Long.class::cast).toList();
    long size = 1;
    for (long side : sides) {
      size = side < 0 || side > Integer.MAX_VALUE || size > Integer.MAX_VALUE ? -1 : size * side;
    }
    if (size != bytes.length || byColumns && sides.size() > 1) {
      throw new IOException(
          "holds an array of shape %s and %d bytes; expected as many, row by row"
              .formatted(sides, bytes.length));
    }
    return new Array(sides, ByteBuffer.wrap(bytes));
  }

  private static Object resolved(Object value) {
    return value instanceof Pending pending ? pending.array : value;
  }
}
