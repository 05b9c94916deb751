package org.descry.data.caption.feature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The literals of Python that numpy writes at the head of its files: dictionaries, tuples, lists,
 * strings without escapes, whole numbers (Python 2's {@code 30L} too), True, False and None.
 * Nothing else, and nothing is ever evaluated.
 */
final class PythonLiteral {
  private static final int MAX_DEPTH = 16;

  private final String text;
  private int at;
  private boolean endedWithComma;

  private PythonLiteral(String text) {
    this.text = text;
  }

  /** What is wrong with a literal, and where. */
  static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    SyntaxException(String message) {
      super(message);
    }
  }

  /** A tuple, which is not a list. */
  record Tuple(List<Object> elements) {}

  /** Stands for Python's None. */
  static final Object NONE = new Object();

  /**
   * The value of {@code text}, which holds one literal and blanks: a Map, a {@link Tuple}, a List,
   * a String, a Long, a Boolean or {@link #NONE}.
   */
  static Object parse(String text) throws SyntaxException {
    PythonLiteral literal = new PythonLiteral(text);
    Object value = literal.value(0);
    literal.blanks();
    if (literal.at < text.length()) {
      throw literal.expected("nothing more");
    }
    return value;
  }

  private Object value(int depth) throws SyntaxException {
    if (depth > MAX_DEPTH) {
      throw expected("fewer brackets in brackets");
    }
    blanks();
    char c = peek();
    if (c == '{') {
      return map(depth);
    } else if (c == '(') {
      return tuple(depth);
    } else if (c == '[') {
      at++;
      return sequence(']', depth);
    } else if (isDigit(c)) {
      return number();
    } else if (c == '\'' || c == '"') {
      return string();
    }
    return name();
  }

  private Map<Object, Object> map(int depth) throws SyntaxException {
    Map<Object, Object> map = new LinkedHashMap<>();
    at++;
    while (!skip('}')) {
      Object key = value(depth + 1);
      if (!skip(':')) {
        throw expected("':'");
      }
      if (map.put(key, value(depth + 1)) != null) {
        throw expected("each key once");
      }
      if (!skip(',') && !follows('}')) {
        throw expected("',' or '}'");
      }
    }
    return map;
  }

  /** One value in parentheses is that value; a comma makes it a tuple. */
  private Object tuple(int depth) throws SyntaxException {
    at++;
    List<Object> elements = sequence(')', depth);
    return elements.size() == 1 && !endedWithComma ? elements.get(0) : new Tuple(elements);
  }

  private List<Object> sequence(char end, int depth) throws SyntaxException {
    List<Object> elements = new ArrayList<>();
    boolean comma = false;
    while (!skip(end)) {
      elements.add(value(depth + 1));
      comma = skip(',');
      if (!comma && !follows(end)) {
        throw expected("',' or '" + end + "'");
      }
    }
    endedWithComma = comma;
    return elements;
  }

  private Long number() throws SyntaxException {
    int from = at;
    while (isDigit(peek())) {
      at++;
    }
    String digits = text.substring(from, at);
    if (peek() == 'L' || peek() == 'l') {
      at++;
    }
    if (isNamePart(peek()) || peek() == '.') {
      throw expected("a whole number");
    }
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw new SyntaxException("the number " + digits + " is too large");
    }
  }

  private String string() throws SyntaxException {
    char quote = text.charAt(at++);
    int from = at;
    while (peek() != quote) {
      if (peek() == '\\' || peek() == '\n' || peek() == 0) {
        throw expected("the closing " + quote);
      }
      at++;
    }
    return text.substring(from, at++);
  }

  private Object name() throws SyntaxException {
    int from = at;
    while (isNamePart(peek())) {
      at++;
    }
    switch (text.substring(from, at)) {
      case "True":
        return true;
      case "False":
        return false;
      case "None":
        return NONE;
      case "u", "b": // Python 2's and 3's marks of a string's kind
        if (peek() == '\'' || peek() == '"') {
          return string();
        }
        break;
      default:
    }
    at = from;
    throw expected("a value");
  }

  private boolean follows(char c) {
    blanks();
    return peek() == c;
  }

  private boolean skip(char c) {
    boolean there = follows(c);
    at += there ? 1 : 0;
    return there;
  }

  private void blanks() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') {
      at++;
    }
  }

  /** The next character, NUL at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNamePart(char c) {
    return isDigit(c) || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private SyntaxException expected(String what) {
    return new SyntaxException("expected " + what + " at character " + (at + 1));
  }
}
