package org.descry.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.job.schema.Defaults;
import org.descry.job.schema.KeyPath;
import org.descry.job.schema.Places;
import org.descry.job.schema.SettingsSchema;
import org.descry.job.schema.Yaml;
import org.descry.job.schema.YamlFiles;

/**
 * A job file as a tree of settings that can be changed key by key before it is checked. Immutable;
 * {@link #set} makes another.
 *
 * <p>Key paths look like {@code training.optimizer.learningRate} and {@code
 * model.stages[0].filters}.
 */
public final class JobFile {
  /** What a sweep file has and no job. */
  private static final String SWEEP_KEY = "search";

  private final ObjectNode tree;
  private final Places places;

  private JobFile(ObjectNode tree, Places places) {
    this.tree = tree;
    this.places = places;
  }

  /**
   * Reads a job file, without checking its settings yet.
   *
   * @throws DescryException if it cannot be read, is larger than 1 MB, is not YAML, repeats a key,
   *     or is not a mapping
   */
  public static JobFile read(Path file) {
    String source = file.toString();
    Yaml.Document read = Yaml.read(source, YamlFiles.read(file));
    Path folder = file.toAbsolutePath().getParent();
    return of(read.tree(), Places.of(source, read.lines(), folder));
  }

  /** As {@link #read(Path)}, the settings of each file {@linkplain #under over} those before it. */
  public static JobFile read(List<Path> files) {
    return files.stream().map(JobFile::read).reduce(JobFile::under).orElseThrow();
  }

  /**
   * Reads a job from text.
   *
   * @param source what the text is called in messages
   * @throws DescryException as {@link #read}
   */
  public static JobFile parse(String source, String yaml) {
    return of(source, Yaml.parse(source, yaml));
  }

  /**
   * A job from a tree, such as the one inside a model zip.
   *
   * @throws DescryException if it is not a mapping
   */
  public static JobFile of(String source, JsonNode tree) {
    return of(tree, Places.of(source));
  }

  private static JobFile of(JsonNode tree, Places places) {
    if (tree instanceof ObjectNode settings) {
      return new JobFile(settings, places);
    }
    String what = tree.isNull() ? "empty" : JobValidator.show(tree);
    throw new UsageException(
        places.source()
            + ": the file is "
            + what
            + ", but expected a mapping with name, model and data.");
  }

  /**
   * This job with the settings of another file over its own: sections key by key, lists and values
   * whole. A section of another kind, such as another {@code model.type}, takes the place of the
   * earlier one. Paths count from the folder of the file that they are written in.
   */
  public JobFile under(JobFile over) {
    ObjectNode both = tree.deepCopy();
    lay(over.tree, both, JobSchema.SCHEMA.root());
    return new JobFile(both, places.under(over.places));
  }

  private static void lay(ObjectNode over, ObjectNode onto, JsonNode schema) {
    String kind = JobSchema.SCHEMA.kindKey(schema);
    if (kind != null && over.has(kind) && !over.get(kind).equals(onto.get(kind))) {
      onto.removeAll();
    }
    over.properties()
        .forEach(
            setting -> {
              String key = setting.getKey();
              if (setting.getValue() instanceof ObjectNode above
                  && onto.get(key) instanceof ObjectNode below) {
                lay(above, below, JobSchema.SCHEMA.member(schema, onto, key));
              } else {
                onto.set(key, setting.getValue().deepCopy());
              }
            });
  }

  /**
   * This job with one key changed.
   *
   * @param assignment {@code key.path=value}, the value in YAML
   * @throws DescryException if it has no '=' or its value is not YAML, or if the path leads through
   *     a value that has no keys
   */
  public JobFile set(String assignment) {
    int split = assignment.indexOf('=');
    if (split < 1) {
      throw new UsageException(
          "--set " + assignment + ": expected key.path=value, such as training.epochs=5.");
    }
    String origin = "--set " + assignment;
    String value = assignment.substring(split + 1);
    return set(assignment.substring(0, split).strip(), Yaml.parse(origin, value), origin);
  }

  /** This job with one key changed, for programs: {@code origin} is named in messages. */
  public JobFile set(String path, JsonNode value, String origin) {
    List<KeyPath.Step> steps = KeyPath.parse(path, origin);
    ObjectNode copy = tree.deepCopy();
    JsonNode here = copy;
    JsonNode schema = JobSchema.SCHEMA.root();
    for (int i = 0; i < steps.size(); i++) {
      KeyPath.Step step = steps.get(i);
      boolean last = i == steps.size() - 1;
      schema = JobSchema.SCHEMA.member(schema, here, step.key());
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
    return new JobFile(copy, places.with(KeyPath.join(steps), origin));
  }

  /**
   * As {@link #set(String, JsonNode, String)}; a key that says of which kind its section is also
   * takes the keys away that the kind does not have.
   */
  public JobFile choose(String path, JsonNode value, String origin) {
    JobFile changed = set(path, value, origin);
    Place section = changed.section(path);
    if (section.node() instanceof ObjectNode settings && section.namesKind()) {
      JsonNode kind = JobSchema.SCHEMA.describe(section.schema(), settings);
      settings.retain(
          kind.path("properties").properties().stream().map(Map.Entry::getKey).toList());
    }
    return changed;
  }

  /** Whether a key says of which kind its section is, such as {@code training.optimizer.type}. */
  public boolean namesKind(String path) {
    return section(path).namesKind();
  }

  /** Whether a job of this one's kinds has the key. */
  public boolean knows(String path) {
    Place section = section(path);
    return section.schema().isObject()
        && member(section.schema(), section.node(), section.key()).isObject();
  }

  /**
   * Where a key stands.
   *
   * @param node the section or list around it, as it is or as it would be by default
   * @param schema of the section; missing where there is no such section
   * @param key the last step; empty for an element of a list
   */
  private record Place(JsonNode node, JsonNode schema, String key) {
    boolean namesKind() {
      return key.equals(JobSchema.SCHEMA.kindKey(schema));
    }
  }

  /** The schema of a member; that of a list's elements for an empty key, whatever is there. */
  private static JsonNode member(JsonNode schema, JsonNode around, String key) {
    return JobSchema.SCHEMA.member(
        schema, key.isEmpty() ? JsonNodeFactory.instance.arrayNode() : around, key);
  }

  private Place section(String path) {
    List<KeyPath.Step> steps = KeyPath.parse(path, path);
    JsonNode here = tree;
    JsonNode schema = JobSchema.SCHEMA.root();
    for (KeyPath.Step step : steps.subList(0, steps.size() - 1)) {
      schema = member(schema, here, step.key());
      here = step.index() < 0 ? here.path(step.key()) : here.path(step.index());
      here = here.isMissingNode() || here.isNull() ? Defaults.section(schema) : here;
    }
    return new Place(here, schema, steps.get(steps.size() - 1).key());
  }

  /** What a sentence about a setting begins with: the file and the line that it was written in. */
  public String at(String path) {
    return places.at(path);
  }

  /**
   * Checks every setting and fills in the defaults.
   *
   * @throws InvalidJobException with one sentence for each mistake
   */
  public Job job() {
    String source = places.source();
    if (tree.has(SWEEP_KEY) && places.folder() != null) {
      throw new UsageException(
          "%s: is a sweep file, for it has the key %s; expected a job file: descry sweep %s runs it."
              .formatted(source, SWEEP_KEY, source));
    }
    check(JobSchema.SCHEMA);
    return bind(JobSchema.SCHEMA, tree, Job.class);
  }

  /** Whether it has keys of a job alone, whatever their values. */
  public boolean isJob() {
    return tree.has("model") && tree.deepCopy().remove(JobSchema.SCHEMA.keys()).isEmpty();
  }

  /**
   * What a file holds that has the keys of a job and, beside them, those of another record.
   *
   * @param job the file without the other keys
   * @param settings the other keys, with every default filled in
   */
  public record With<T>(JobFile job, T settings) {}

  /**
   * Checks every setting of a file with a job's keys and, beside them, those of a record.
   *
   * @throws InvalidJobException with one sentence for each mistake
   */
  public <T extends Record> With<T> with(Class<T> more) {
    SettingsSchema schema = SettingsSchema.of(more, more.getSimpleName());
    check(JobSchema.SCHEMA.plus(schema, more.getSimpleName()));
    ObjectNode settings = tree.deepCopy().retain(schema.keys());
    ObjectNode job = tree.deepCopy().remove(schema.keys());
    return new With<>(new JobFile(job, places), bind(schema, settings, more));
  }

  private void check(SettingsSchema schema) {
    List<String> mistakes = new JobValidator(schema, places).find(tree);
    if (!mistakes.isEmpty()) {
      throw new InvalidJobException(mistakes);
    }
  }

  private <T> T bind(SettingsSchema schema, ObjectNode settings, Class<T> type) {
    try {
      return Yaml.bind(Defaults.fill(schema, settings), type, places);
    } catch (JsonMappingException e) {
      throw new InvalidJobException(List.of(new JobValidator(schema, places).describe(e)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The job as YAML with every default filled in, the keys in the order of the documentation; paths
   * as they are found, so that the text means the same in any folder.
   *
   * @throws DescryException if one may be two files, or a variable in it is not set
   */
  public static String resolved(Job job) {
    return Yaml.write(Defaults.withoutNulls(Yaml.recorded(job)));
  }

  /** A job's tree as YAML. */
  public static String yaml(JsonNode tree) {
    return Yaml.write(tree);
  }

  /** The job as a tree with every default filled in; paths as they are written. */
  public static JsonNode tree(Job job) {
    return Defaults.withoutNulls(Yaml.MAPPER.valueToTree(job));
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
}
