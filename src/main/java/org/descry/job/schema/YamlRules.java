package org.descry.job.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.descry.UsageException;
import org.descry.io.Printable;

/**
 * What a file of settings may not hold although it is YAML: whatever one reader of YAML takes for
 * another value than the next, or nobody can have meant.
 */
final class YamlRules {
  /** YAML 1.1 reads 010 as 8, 1_000 as 1000 and 1:30 as 90; YAML 1.2 and people read otherwise. */
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

  /** Text to Jackson, but numbers to other readers. */
  private static final Pattern OTHER_NUMBER =
      Pattern.compile(
          "[-+]?(0[0-9]+|0o[0-7]+|0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_.]*|[0-9]+(:[0-5]?[0-9])+)");

  private static final Pattern NOT_FINITE = Pattern.compile("(?i)[-+]?\\.(inf|nan)");

  private static final int LONGEST_SHOWN = 60;

  private final String source;
  private final YAMLParser parser;
  private final Map<String, Integer> lines = new HashMap<>();
  private int depth;
  private int documents;

  private YamlRules(String source, YAMLParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /**
   * Reads a text to its end.
   *
   * @param source what the text is called in messages
   * @return the line that each key and each element begins in, from 1, by its key path
   * @throws UsageException that names the place of what breaks a rule
   * @throws IOException if it is not YAML
   */
  static Map<String, Integer> check(String source, String text) throws IOException {
    requireCharacters(source, text);
    try (JsonParser parser = Yaml.MAPPER.getFactory().createParser(text)) {
      YamlRules rules = new YamlRules(source, (YAMLParser) parser);
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        rules.check(token);
      }
      return rules.lines;
    }
  }

  private static void requireCharacters(String source, String text) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair = Character.isSurrogate(c);
      if (pair && i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        i++;
      } else if (pair || isForbidden(c) && !(c == '\uFEFF' && i == 0)) {
        throw new UsageException(
            "%s: line %s, column %s: holds the character U+%04X; expected text in YAML."
                .formatted(source, line, i - start + 1, (int) c));
      } else if (c == '\n') {
        line++;
        start = i + 1;
      }
    }
  }

  private static boolean isForbidden(char c) {
    return (Character.isISOControl(c) && "\t\n\r".indexOf(c) < 0) || c == '\uFEFF' || c >= '\uFFFE';
  }

  private void check(JsonToken token) throws IOException {
    if (parser.isCurrentAlias()) {
      throw refusal(
          "the alias *" + show(parser.getText()) + " is not supported; expected the value itself");
    }
    if (parser.getTypeId() != null) {
      throw refusal(
          "the tag !" + show(parser.getTypeId()) + " is not supported; expected the value alone");
    }
    if (depth == 0 && ++documents > 1) {
      throw refusal("a second document begins here; expected one");
    }
    if (!token.isStructEnd()) {
      JsonStreamContext context = parser.getParsingContext();
      String path = path(token.isStructStart() ? context.getParent() : context);
      lines.putIfAbsent(path, parser.currentTokenLocation().getLineNr());
    }
    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    if (token.isStructEnd() && depth == 0) {
      documents = 1;
    }
    if (token.isNumeric()) {
      requirePlain(parser.getText());
    } else if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
      requireText(token, parser.getText());
    }
  }

  private void requirePlain(String number) {
    if (NOT_FINITE.matcher(number).matches()) {
      throw refusal(key() + number + " is no setting; expected a finite number");
    } else if (!DECIMAL.matcher(number).matches()) {
      throw ambiguous(number);
    }
    double value = Double.parseDouble(number);
    String mantissa = number.split("[eE]", 2)[0];
    if (!Yaml.holds(value)
        || (value == 0 && mantissa.chars().anyMatch(c -> "123456789".indexOf(c) >= 0))) {
      throw refusal(
          "%s%s is too %s for a number; expected %s"
              .formatted(
                  key(), show(number), Math.abs(value) < 1 ? "small" : "large", Yaml.NUMBERS));
    }
  }

  private UsageException ambiguous(String number) {
    return refusal(
        key()
            + show(number)
            + " is a different number to different readers of YAML; expected a plain decimal"
            + " number, or quotes around a text");
  }

  private void requireText(JsonToken token, String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
      if (Character.isISOControl(c) || (Character.isSurrogate(c) && !pair)) {
        throw refusal(
            "%sthe text \"%s\" holds the character U+%04X; expected text on one line"
                .formatted(key(), show(text), (int) c));
      }
      i += pair ? 1 : 0;
    }
    boolean plain = token == JsonToken.VALUE_STRING && isPlain();
    if (plain && isOtherNumber(text)) {
      throw ambiguous(text);
    }
  }

  private static boolean isOtherNumber(String text) {
    return OTHER_NUMBER.matcher(text).matches();
  }

  /** Whether a text has to be in quotes, for it would be read as a number, or refused. */
  static boolean needsQuotes(String text) {
    return isOtherNumber(text)
        || DECIMAL.matcher(text).matches()
        || NOT_FINITE.matcher(text).matches();
  }

  /** Whether the text stands there without quotes: its first character is its own. */
  private boolean isPlain() throws IOException {
    JsonLocation from = parser.currentTokenLocation();
    JsonLocation to = parser.currentLocation();
    return to.getCharOffset() - from.getCharOffset() == parser.getTextLength();
  }

  /** The setting that the parser is at, and a verb; empty for a value alone. */
  private String key() {
    String path = path(parser.getParsingContext());
    return path.isEmpty() ? "" : show(path) + ": ";
  }

  /** The key path of where a parser is. */
  static String path(JsonStreamContext context) {
    String pointer = context.pathAsPointer().toString();
    return pointer.replaceAll("/(\\d+)", "[$1]").replace('/', '.').replaceFirst("^\\.", "");
  }

  private static String show(Object text) {
    String shown = Printable.of(text.toString().replace("\n", "\\n").replace("\t", "\\t"));
    return shown.length() <= LONGEST_SHOWN ? shown : shown.substring(0, LONGEST_SHOWN) + "...";
  }

  private UsageException refusal(String what) {
    return new UsageException(
        source + ": " + Yaml.position(parser.currentTokenLocation()) + what + ".");
  }
}
