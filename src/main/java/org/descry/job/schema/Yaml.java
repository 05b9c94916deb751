package org.descry.job.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.io.Json;
import org.descry.io.Printable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads and writes YAML with limits on what an untrusted file can cost. */
public final class Yaml {
  /** Binds settings: enum constants in lower case, no surprise conversions. */
  public static final ObjectMapper MAPPER = mapper();

  /** The numbers that float32 holds, which trainings compute with. */
  public static final String NUMBERS = "0 or a magnitude from 1.2e-38 to 3.4e38";

  private Yaml() {}

  /** Whether a number stays one, and does not become 0, in float32. */
  public static boolean holds(double number) {
    double size = Math.abs(number);
    return size == 0 || (size >= Float.MIN_NORMAL && size <= Float.MAX_VALUE);
  }

  /**
   * A text that was parsed.
   *
   * @param tree a null node for an empty one
   * @param lines that each key and each element begins in, by its key path
   */
  public record Document(JsonNode tree, Map<String, Integer> lines) {}

  /** The tree of {@link #read}. */
  public static JsonNode parse(String source, String text) {
    return read(source, text).tree();
  }

  /**
   * Parses one YAML document.
   *
   * @param source what the text is called in messages
   * @throws DescryException if the text is not YAML, repeats a key, uses an alias or a tag, or
   *     holds a number that readers of YAML disagree on, with line and column
   */
  public static Document read(String source, String text) {
    try {
      Map<String, Integer> lines = YamlRules.check(source, text);
      JsonNode tree = MAPPER.readTree(text);
      return new Document(tree.isMissingNode() ? NullNode.getInstance() : tree, lines);
    } catch (JsonProcessingException e) {
      throw new UsageException(source + ": " + reason(e) + "; expected valid YAML.", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A record from a checked tree.
   *
   * @param places where its settings were written
   */
  public static <T> T bind(JsonNode tree, Class<T> type, Places places)
      throws JsonProcessingException {
    return MAPPER.reader().withAttribute(Places.class, places).treeToValue(tree, type);
  }

  /** A record as a tree, paths as they are found. */
  public static JsonNode recorded(Object settings) {
    try (TokenBuffer buffer = new TokenBuffer(MAPPER, false)) {
      MAPPER.writer().withAttribute(FilePath.Writer.class, true).writeValue(buffer, settings);
      return MAPPER.readTree(buffer.asParser());
    } catch (IOException e) {
      if (e.getCause() instanceof DescryException own) {
        throw own;
      }
      throw new UncheckedIOException(e);
    }
  }

  public static String write(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static String position(JsonLocation at) {
    return at == null || at.getLineNr() < 1
        ? ""
        : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
  }

  /** The parser's reason and place, without the excerpt and the class names that follow it. */
  private static String reason(JsonProcessingException e) {
    if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      Mark at = marked.getProblemMark();
      String context = marked.getContext() == null ? "" : marked.getContext() + ", ";
      return Printable.of(
          "line %s, column %s: %s%s"
              .formatted(at.getLine() + 1, at.getColumn() + 1, context, marked.getProblem())
              .replaceAll("\\s+", " "));
    }
    return position(e.getLocation()) + Json.reason(e);
  }

  private static ObjectMapper mapper() {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(1 << 20);
    limits.setNestingDepthLimit(50);
    YAMLFactory factory =
        YAMLFactory.builder()
            .loaderOptions(limits)
            .stringQuotingChecker(new Quotes())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();
    return YAMLMapper.builder(factory)
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
        .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .build();
  }

  /** Quotes what stays text only in quotes. */
  private static final class Quotes extends StringQuotingChecker.Default {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean needToQuoteValue(String value) {
      return YamlRules.needsQuotes(value) || super.needToQuoteValue(value);
    }
  }
}
