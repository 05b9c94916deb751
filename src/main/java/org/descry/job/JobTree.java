package org.descry.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.job.schema.Defaults;
import org.descry.job.schema.KeyPath;
import org.descry.job.schema.SettingsSchema;

/** Walks through a job's tree along its schema, and makes changed copies of it. */
final class JobTree {
  private static final SettingsSchema SCHEMA = JobSchema.SCHEMA;

  private JobTree() {}

  /** A copy of {@code tree} with other settings over its own, see {@link JobFile#under}. */
  static ObjectNode laid(ObjectNode over, ObjectNode tree) {
    ObjectNode both = tree.deepCopy();
    lay(over, both, SCHEMA.root());
    return both;
  }

  private static void lay(ObjectNode over, ObjectNode onto, JsonNode schema) {
    String kind = SCHEMA.kindKey(schema);
    if (kind != null && over.has(kind) && !over.get(kind).equals(onto.get(kind))) {
      onto.removeAll();
    }
    over.properties()
        .forEach(
            setting -> {
              String key = setting.getKey();
              if (setting.getValue() instanceof ObjectNode above
                  && onto.get(key) instanceof ObjectNode below) {
                lay(above, below, SCHEMA.member(schema, onto, key));
              } else {
                onto.set(key, setting.getValue().deepCopy());
              }
            });
  }

  /**
   * A copy of {@code tree} with one key changed.
   *
   * @param origin of the change, for messages
   * @throws DescryException if the path leads through a value that has no keys
   */
  static ObjectNode set(ObjectNode tree, List<KeyPath.Step> steps, JsonNode value, String origin) {
    ObjectNode copy = tree.deepCopy();
    JsonNode here = copy;
    JsonNode schema = SCHEMA.root();
    for (int i = 0; i < steps.size(); i++) {
      KeyPath.Step step = steps.get(i);
      boolean last = i == steps.size() - 1;
      schema = SCHEMA.member(schema, here, step.key());
      if (here instanceof ArrayNode list && step.index() >= 0 && step.index() < list.size()) {
        here = last ? list.set(step.index(), value) : list.get(step.index());
      } else if (here instanceof ObjectNode section && step.index() < 0) {
        if (last) {
          section.set(step.key(), value);
        } else if (section.path(step.key()).isContainerNode()) {
          here = section.get(step.key());
        } else if (!section.hasNonNull(step.key()) && steps.get(i + 1).index() < 0) {
          here = Defaults.section(schema);
          section.set(step.key(), here);
        } else {
          throw noSuchKey(origin, steps, i + 1, section.path(step.key()));
        }
      } else {
        throw noSuchKey(origin, steps, i, here);
      }
    }
    return copy;
  }

  private static DescryException noSuchKey(
      String origin, List<KeyPath.Step> steps, int depth, JsonNode parent) {
    String where = depth == 0 ? "the job" : KeyPath.join(steps.subList(0, depth));
    return new UsageException(
        origin
            + ": there is no "
            + KeyPath.join(steps)
            + ", for "
            + where
            + " is "
            + JobValidator.show(parent)
            + ".");
  }

  /**
   * Where a key stands.
   *
   * @param node the section or list around it, as it is or as it would be by default
   * @param schema of the section; missing where there is no such section
   * @param key the last step; empty for an element of a list
   */
  record Place(JsonNode node, JsonNode schema, String key) {
    /** See {@link JobFile#namesKind}. */
    boolean namesKind() {
      return key.equals(SCHEMA.kindKey(schema));
    }

    /** See {@link JobFile#knows}. */
    boolean isKnown() {
      return schema.isObject() && member(schema, node, key).isObject();
    }
  }

  static Place place(ObjectNode tree, String path) {
    List<KeyPath.Step> steps = KeyPath.parse(path, path);
    JsonNode here = tree;
    JsonNode schema = SCHEMA.root();
    for (KeyPath.Step step : steps.subList(0, steps.size() - 1)) {
      schema = member(schema, here, step.key());
      here = step.index() < 0 ? here.path(step.key()) : here.path(step.index());
      here = here.isMissingNode() || here.isNull() ? Defaults.section(schema) : here;
    }
    return new Place(here, schema, steps.get(steps.size() - 1).key());
  }

  /** The schema of a member; that of a list's elements for an empty key, whatever is there. */
  private static JsonNode member(JsonNode schema, JsonNode around, String key) {
    return SCHEMA.member(
        schema, key.isEmpty() ? JsonNodeFactory.instance.arrayNode() : around, key);
  }
}
