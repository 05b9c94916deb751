package org.descry.io;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How results are written as JSON, and why some cannot be read. */
public final class Json {
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // of later versions
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  /** What Jackson says of its own classes. */
  private static final Pattern CODE =
      Pattern.compile(
          ",? from `Stream[^`]*`| \\(Scalar value in YAML\\).*|: failed to tokenize.*"
              + "|:? \\(?(of (value of )?type )?`?(java|com|org)\\..*");

  /**
   * How a parser could be made to take what JSON does not have, which is not the writer's to do.
   */
  private static final Pattern HINT =
      Pattern.compile(
          ": enable `.*| \\(consider enabling .*| \\(not recognized as one since Feature .*");

  private Json() {}

  /**
   * Why JSON or YAML cannot be read, in the parser's words, but for those about its own classes and
   * features.
   */
  public static String reason(JsonProcessingException e) {
    String message = own(e.getOriginalMessage().lines().findFirst().orElse(""));
    String plain = Printable.of(CODE.matcher(message).replaceAll("").strip());
    if (plain.equals(message) || !(e instanceof JsonMappingException mapping)) {
      return plain;
    }
    String at =
        mapping.getPath().stream()
            .map(s -> s.getFieldName() == null ? "[" + s.getIndex() + "]" : "." + s.getFieldName())
            .collect(Collectors.joining());
    return at.isEmpty() ? "it does not fit" : "what is at %s does not fit".formatted(at);
  }

  /** Without what concerns nobody but who set the parser up: its features, and where it reads. */
  private static String own(String message) {
    String plain =
        message
            .replaceFirst("^Non-standard token '(.*?)'.*", "$1 is no number of JSON")
            .replaceFirst("^Trailing token .*", "something stands behind its end")
            .replaceFirst("\\[Source: .*; line: (\\d+), column: (\\d+)]", "line $1, column $2");
    return HINT.matcher(plain).replaceAll("");
  }

  /** A value on one line. */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A value on one line for people: {@code 4.2e-4}, as all numbers are written to them. */
  public static String plain(JsonNode value) {
    return value.isFloatingPointNumber() ? value.asText().replace('E', 'e') : value.toString();
  }

  /** A value, indented. */
  public static String pretty(Object value) {
    try {
      return MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
