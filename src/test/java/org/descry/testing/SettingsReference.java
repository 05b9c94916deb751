package org.descry.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Map.Entry;
import java.util.Set;
import java.util.StringJoiner;

/** A JSON Schema of settings as tables in Markdown, one for each section and type of section. */
public final class SettingsReference {
  private final JsonNode root;

  /** What is written already: sections that several types have are written once. */
  private final Set<String> sections = new LinkedHashSet<>();

  private SettingsReference(JsonNode root) {
    this.root = root;
  }

  /** The tables of all keys but those of {@code known}, a schema that this one extends. */
  public static String markdown(String heading, JsonNode schema, JsonNode known) {
    SettingsReference reference = new SettingsReference(schema);
    reference.section("## " + heading, "", schema, known.path("properties"));
    return String.join("", reference.sections);
  }

  private void section(String heading, String path, JsonNode schema, JsonNode known) {
    if (schema.has("properties") && !schema.has("allOf")) {
      sections.add("\n" + heading + "\n\n" + sentence(schema) + table(schema, known));
    }
    for (Entry<String, JsonNode> entry : schema.path("properties").properties()) {
      if (!known.has(entry.getKey())) {
        parts(path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue());
      }
    }
  }

  /** The sections that a key opens: its own, those of its types, that of its elements. */
  private void parts(String path, JsonNode value) {
    JsonNode schema = follow(value);
    for (JsonNode type : schema.path("allOf")) {
      Entry<String, JsonNode> name = type.at("/if/properties").properties().iterator().next();
      String heading = "### `%s` with `%s: %s`".formatted(path, name.getKey(), name(name));
      section(heading, path, follow(type.path("then")), schema.path("properties"));
    }
    if (!schema.has("allOf")) {
      section("### `" + path + "`", path, schema, root.path("none"));
    }
    for (String elements : new String[] {"items", "additionalProperties"}) {
      JsonNode element = follow(schema.path(elements));
      section("### each of `" + path + "`", path, element, root.path("none"));
    }
  }

  private static String name(Entry<String, JsonNode> condition) {
    return condition.getValue().path("const").asText();
  }

  private static String sentence(JsonNode schema) {
    String text = schema.path("description").asText();
    return text.isEmpty() || schema.has("$schema") ? "" : escape(text) + "\n\n";
  }

  private String table(JsonNode schema, JsonNode known) {
    Set<String> required = new LinkedHashSet<>();
    schema.path("required").forEach(key -> required.add(key.asText()));
    StringJoiner rows = new StringJoiner("\n", "", "\n");
    rows.add("| key | default | what it says | values |").add("|---|---|---|---|");
    int head = rows.length();
    for (Entry<String, JsonNode> entry : schema.path("properties").properties()) {
      if (!known.has(entry.getKey())) {
        JsonNode value = entry.getValue();
        JsonNode type = follow(value);
        String preset = value.has("default") ? value.get("default").toString() : "";
        rows.add(
            "| `%s` | %s | %s | %s |"
                .formatted(
                    entry.getKey(),
                    required.contains(entry.getKey()) ? "required" : code(preset),
                    escape((value.has("description") ? value : type).path("description").asText()),
                    values(type)));
      }
    }
    return rows.length() == head ? "No keys of its own.\n" : rows.toString();
  }

  private String values(JsonNode type) {
    if (type.has("enum")) {
      return list(type.path("enum"));
    } else if (type.has("allOf")) {
      Entry<String, JsonNode> key = type.path("properties").properties().iterator().next();
      return "by `%s`: %s".formatted(key.getKey(), list(key.getValue().path("enum")));
    } else if (type.path("type").asText().equals("array")) {
      JsonNode element = follow(type.path("items"));
      return element.has("properties") ? "list of sections" : "list, each: " + values(element);
    } else if (type.has("items")) {
      return values(type.path("items")) + ", or a list of such";
    } else if (type.path("type").isArray()) {
      return "whole number%s, or %s".formatted(range(type), code(type.get("pattern").asText()));
    } else if (type.has("pattern")) {
      return "text, " + code(type.get("pattern").asText());
    }
    return switch (type.path("type").asText()) {
      case "object" -> "section";
      case "boolean" -> "`true`, `false`";
      case "integer" -> "whole number" + range(type);
      case "number" -> "number" + range(type);
      case "string" -> "text";
      default -> "any value";
    };
  }

  private static String range(JsonNode type) {
    StringJoiner range = new StringJoiner(", ", ", ", "").setEmptyValue("");
    bound(range, type, "minimum", "at least ");
    bound(range, type, "exclusiveMinimum", "above ");
    bound(range, type, "maximum", "at most ");
    bound(range, type, "exclusiveMaximum", "below ");
    return range.toString();
  }

  private static void bound(StringJoiner range, JsonNode type, String key, String words) {
    if (type.has(key)) {
      range.add(words + type.get(key).decimalValue().stripTrailingZeros().toPlainString());
    }
  }

  private static String list(JsonNode names) {
    StringJoiner list = new StringJoiner(", ");
    names.forEach(name -> list.add("`" + name.asText() + "`"));
    return list.toString();
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text.replace("|", "\\|") + "`";
  }

  private static String escape(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }

  private JsonNode follow(JsonNode schema) {
    return schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
  }
}
