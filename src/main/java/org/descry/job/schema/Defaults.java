package org.descry.job.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Fills in what a valid job leaves out, as the schema says. */
public final class Defaults {
  private Defaults() {}

  /** A copy of a valid job with every default, at any depth; an explicit null counts as absent. */
  public static ObjectNode fill(SettingsSchema schema, ObjectNode job) {
    ObjectNode filled = job.deepCopy();
    fill(schema, schema.root(), filled);
    return filled;
  }

  private static void fill(SettingsSchema schema, JsonNode here, JsonNode value) {
    JsonNode described = schema.describe(here, value);
    if (value instanceof ObjectNode section) {
      described
          .path("properties")
          .properties()
          .forEach(
              property -> {
                JsonNode standard = property.getValue().path("default");
                if (!section.hasNonNull(property.getKey()) && !standard.isMissingNode()) {
                  section.set(property.getKey(), standard.deepCopy());
                }
                if (section.has(property.getKey())) {
                  fill(schema, property.getValue(), section.get(property.getKey()));
                }
              });
    } else {
      value.forEach(element -> fill(schema, described.path("items"), element));
    }
  }

  /** What a section that is left out stands for, such as the kind of an optimizer; or no keys. */
  public static ObjectNode section(JsonNode schema) {
    return schema.path("default") instanceof ObjectNode standard
        ? standard.deepCopy()
        : JsonNodeFactory.instance.objectNode();
  }

  public static JsonNode withoutNulls(JsonNode tree) {
    if (tree instanceof ObjectNode section) {
      section.properties().removeIf(entry -> entry.getValue().isNull());
    }
    tree.forEach(Defaults::withoutNulls);
    return tree;
  }
}
