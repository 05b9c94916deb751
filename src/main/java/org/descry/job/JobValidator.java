package org.descry.job;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.descry.job.schema.Nearest;
import org.descry.job.schema.Places;
import org.descry.job.schema.SettingsSchema;
import org.descry.job.schema.Yaml;

/** Finds every mistake of a job and says each in a sentence: where, what, and what was expected. */
final class JobValidator {
  private static final int LONGEST_SHOWN = 60;

  private final SettingsSchema schema;
  private final Places places;

  /**
   * @param schema that the job is held against
   * @param places where its settings were written
   */
  JobValidator(SettingsSchema schema, Places places) {
    this.schema = schema;
    this.places = places;
  }

  /**
   * @param path of the setting that it is about
   * @param text the sentence, without the place
   */
  private record Mistake(String path, String text) {}

  List<String> find(JsonNode job) {
    return Stream.of(
            schema.validate(job).stream().map(mistake -> sentence(mistake, job)),
            Mismatch.of(job).stream().map(mismatch -> sentence(mismatch, job)),
            unheld("", job))
        .flatMap(Function.identity())
        .distinct()
        .sorted(Comparator.comparing(Mistake::path, places.order()).thenComparing(Mistake::text))
        .map(mistake -> places.at(mistake.path()) + mistake.text())
        .toList();
  }

  /** Numbers that no training can hold; a program's tree or JSON can have what no YAML file has. */
  private Stream<Mistake> unheld(String path, JsonNode value) {
    if (value.isArray()) {
      return IntStream.range(0, value.size())
          .boxed()
          .flatMap(i -> unheld(path + "[" + i + "]", value.get(i)));
    } else if (value.isObject()) {
      return value.properties().stream()
          .flatMap(entry -> unheld(join(path, entry.getKey()), entry.getValue()));
    }
    return value.isNumber() && !Yaml.holds(value.doubleValue())
        ? Stream.of(
            new Mistake(
                path, "%s is %s, but expected %s.".formatted(path, show(value), Yaml.NUMBERS)))
        : Stream.empty();
  }

  private static Mistake sentence(Mismatch mismatch, JsonNode job) {
    String text =
        "%s is %s, which does not go with model.type %s; expected one of %s."
            .formatted(
                mismatch.path(),
                show(job.at("/" + mismatch.path().replace('.', '/'))),
                show(job.at("/model/type")),
                String.join(", ", mismatch.expected()));
    return new Mistake(mismatch.path(), text);
  }

  /** The sentence for a value that fits the schema but not its record. */
  String describe(JsonMappingException mistake) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : mistake.getPath()) {
      path.append(
          step.getFieldName() == null
              ? "[" + step.getIndex() + "]"
              : (path.isEmpty() ? "" : ".") + step.getFieldName());
    }
    String reason =
        mistake.getCause() instanceof IllegalArgumentException own
            ? own.getMessage()
            : mistake.getOriginalMessage();
    return places.at(path.toString()) + path + (path.isEmpty() ? "" : ": ") + reason + ".";
  }

  /** A value as it is quoted in messages. */
  static String show(JsonNode value) {
    if (value.isContainerNode() && value.isEmpty()) {
      return value.toString();
    } else if (value.isObject()) {
      return "a mapping";
    } else if (value.isArray()) {
      return "a list";
    } else if (value.isTextual() && value.textValue().length() > LONGEST_SHOWN) {
      return TextNode.valueOf(cut(value.textValue())).toString();
    }
    return cut(value.toString());
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_SHOWN + 2 ? text : text.substring(0, LONGEST_SHOWN) + "...";
  }

  private Mistake sentence(ValidationMessage mistake, JsonNode job) {
    List<String> steps = steps(mistake.getInstanceLocation());
    String path = dotted(mistake.getInstanceLocation().toString());
    JsonNode here = schemaAt(steps, job);
    JsonNode limit = mistake.getSchemaNode();
    return switch (mistake.getType()) {
      case "additionalProperties" -> {
        String key = join(path, mistake.getProperty());
        yield new Mistake(
            key, "unknown key " + cut(key) + "; " + known(mistake.getProperty(), here));
      }
      case "required" -> {
        String key = join(path, mistake.getProperty());
        JsonNode wanted = here.path("properties").path(mistake.getProperty());
        String about = firstSentence(wanted.path("description").asText());
        String expected =
            about.isEmpty() ? "one of " + list(wanted.path("enum")) + "." : lower(about);
        yield new Mistake(key, key + " is missing; expected " + expected);
      }
      default ->
          new Mistake(
              path,
              "%s is %s, but expected %s."
                  .formatted(
                      path.isEmpty() ? "the job" : path,
                      show(mistake.getInstanceNode()),
                      expectation(mistake, limit, here)));
    };
  }

  private static String expectation(ValidationMessage mistake, JsonNode limit, JsonNode schema) {
    return switch (mistake.getType()) {
      case "type" ->
          limit.isArray()
              ? about(schema)
              : article(limit.asText())
                  + (limit.asText().equals("string")
                          && (mistake.getInstanceNode().isNumber()
                              || mistake.getInstanceNode().isBoolean())
                      ? ", in quotes where YAML reads a number, yes or no"
                      : "");
      case "enum" ->
          "one of " + list(limit) + Nearest.hint(mistake.getInstanceNode().asText(), texts(limit));
      case "minimum" -> "at least " + limit.asText();
      case "exclusiveMinimum" -> "more than " + limit.asText();
      case "maximum" -> "at most " + limit.asText();
      case "exclusiveMaximum" -> "less than " + limit.asText();
      case "minItems", "minProperties" -> "at least " + entries(limit);
      case "maxItems", "maxProperties" -> "at most " + entries(limit);
      case "minLength" -> "some text";
      case "pattern" -> {
        String about = about(schema);
        yield about.isEmpty() ? "text that matches " + limit.asText() : about;
      }
      default -> mistake.getMessage();
    };
  }

  private static String about(JsonNode schema) {
    String about = firstSentence(schema.path("description").asText()).replaceAll("\\.$", "");
    return about.isEmpty() ? about : lower(about);
  }

  /** What is expected; the sentences after the first explain it to readers of the reference. */
  private static String firstSentence(String description) {
    return description.replaceFirst("(?<=\\.)\\s+(?=\\p{Lu})(?s:.*)", "");
  }

  /** The schema of the value at a path, for its description and its known keys. */
  private JsonNode schemaAt(List<String> steps, JsonNode job) {
    JsonNode value = job;
    JsonNode here = schema.describe(schema.root(), value);
    for (String step : steps) {
      JsonNode next = schema.member(here, value, step);
      value = value.isArray() ? value.path(Integer.parseInt(step)) : value.path(step);
      here = value.isContainerNode() ? schema.describe(next, value) : next;
    }
    return here;
  }

  /** A path as it is written in a file: without the root, and keys that hold dots as they are. */
  private static String dotted(String jsonPath) {
    return jsonPath.replaceAll("\\['([^']*)']", ".$1").replaceFirst("^\\$\\.?", "");
  }

  private static List<String> steps(JsonNodePath path) {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < path.getNameCount(); i++) {
      steps.add(String.valueOf(path.getElement(i)));
    }
    return steps;
  }

  private static String known(String key, JsonNode schema) {
    List<String> keys = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(keys::add);
    return Nearest.to(key, keys)
        .map(nearest -> "did you mean " + nearest + "?")
        .orElse("known here: " + String.join(", ", keys) + ".");
  }

  private static String article(String type) {
    return switch (type) {
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "boolean" -> "true or false";
      case "array" -> "a list";
      case "object" -> "a mapping";
      default -> "text";
    };
  }

  private static String list(JsonNode values) {
    return String.join(", ", texts(values));
  }

  private static List<String> texts(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static String lower(String sentence) {
    return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String entries(JsonNode count) {
    return count.asInt() == 1 ? "1 entry" : count.asText() + " entries";
  }
}
