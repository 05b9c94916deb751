package org.descry.train.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Fills in what a valid job leaves out, as the schema says. */
final class Defaults {
  private Defaults() {}

  /** A copy of a valid job with every default, at any depth; an explicit null counts as absent. */
  static ObjectNode fill(ObjectNode job) {
    ObjectNode filled = job.deepCopy();
    fill(JobSchema.root(), filled);
    return filled;
  }

  private static void fill(JsonNode schema, JsonNode value) {
    JsonNode described = JobSchema.describe(schema, value);
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
                  fill(property.getValue(), section.get(property.getKey()));
                }
              });
    } else {
      value.forEach(element -> fill(described.path("items"), element));
    }
  }

  /** What a section that is left out stands for, such as the kind of an optimizer; or no keys. */
  static ObjectNode section(JsonNode schema) {
    return schema.path("default") instanceof ObjectNode standard
        ? standard.deepCopy()
        : JsonNodeFactory.instance.objectNode();
  }

  static JsonNode withoutNulls(JsonNode tree) {
    if (tree instanceof ObjectNode section) {
      section.properties().removeIf(entry -> entry.getValue().isNull());
    }
    tree.forEach(Defaults::withoutNulls);
    return tree;
  }
}
