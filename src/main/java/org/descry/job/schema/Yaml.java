package org.descry.job.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads and writes YAML with limits on what an untrusted file can cost. */
public final class Yaml {
  /** Binds settings: enum constants in lower case, no surprise conversions. */
  public static final ObjectMapper MAPPER = mapper();

  private Yaml() {}

  /**
   * Parses one YAML document.
   *
   * @param source what the text is called in messages
   * @return the document, null for an empty one
   * @throws DescryException if the text is not YAML, repeats a key or uses an alias, with line and
   *     column
   */
  public static JsonNode parse(String source, String text) {
    try {
      rejectAliases(source, text);
      JsonNode tree = MAPPER.readTree(text);
      return tree.isMissingNode() ? NullNode.getInstance() : tree;
    } catch (JsonProcessingException e) {
      throw new UsageException(source + ": " + reason(e) + "; expected valid YAML.", e);
    } catch (IOException e) {
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

  /** Jackson would silently read an alias as the name of its anchor. */
  private static void rejectAliases(String source, String text) throws IOException {
    try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
      while (parser.nextToken() != null) {
        if (((YAMLParser) parser).isCurrentAlias()) {
          throw new UsageException(
              source
                  + ": "
                  + position(parser.currentTokenLocation())
                  + "the alias *"
                  + parser.getText()
                  + " is not supported; expected the value itself.");
        }
      }
    }
  }

  private static String position(JsonLocation at) {
    return at == null || at.getLineNr() < 1
        ? ""
        : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
  }

  /** The parser's reason and place, without the excerpt and the class names that follow it. */
  private static String reason(JsonProcessingException e) {
    if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      Mark at = marked.getProblemMark();
      String context = marked.getContext() == null ? "" : marked.getContext() + ", ";
      return "line %s, column %s: %s%s"
          .formatted(at.getLine() + 1, at.getColumn() + 1, context, marked.getProblem());
    }
    return position(e.getLocation())
        + e.getOriginalMessage().lines().findFirst().orElse("not YAML").strip();
  }

  private static ObjectMapper mapper() {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(1 << 20);
    limits.setNestingDepthLimit(50);
    YAMLFactory factory =
        YAMLFactory.builder()
            .loaderOptions(limits)
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
}
