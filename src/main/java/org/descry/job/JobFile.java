package org.descry.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
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
    return new JobFile(JobTree.laid(over.tree, tree), places.under(over.places));
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

  /** This job with several keys changed, one after another, as {@link #set(String)} changes one. */
  public JobFile set(List<String> assignments) {
    JobFile changed = this;
    for (String assignment : assignments) {
      changed = changed.set(assignment);
    }
    return changed;
  }

  /** This job with one key changed, for programs: {@code origin} is named in messages. */
  public JobFile set(String path, JsonNode value, String origin) {
    List<KeyPath.Step> steps = KeyPath.parse(path, origin);
    return new JobFile(
        JobTree.set(tree, steps, value, origin), places.with(KeyPath.join(steps), origin));
  }

  /**
   * As {@link #set(String, JsonNode, String)}; a key that says of which kind its section is also
   * takes the keys away that the kind does not have.
   */
  public JobFile choose(String path, JsonNode value, String origin) {
    JobFile changed = set(path, value, origin);
    JobTree.Place section = JobTree.place(changed.tree, path);
    if (section.node() instanceof ObjectNode settings && section.namesKind()) {
      JsonNode kind = JobSchema.SCHEMA.describe(section.schema(), settings);
      settings.retain(
          kind.path("properties").properties().stream().map(Map.Entry::getKey).toList());
    }
    return changed;
  }

  /** Whether a key says of which kind its section is, such as {@code training.optimizer.type}. */
  public boolean namesKind(String path) {
    return JobTree.place(tree, path).namesKind();
  }

  /** Whether a job of this one's kinds has the key. */
  public boolean knows(String path) {
    return JobTree.place(tree, path).isKnown();
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
    return bound(JobSchema.SCHEMA, tree, tree, Job.class, places);
  }

  /** The settings as they are written. */
  public JsonNode tree() {
    return tree.deepCopy();
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
    check(JobSchema.SCHEMA.plus(schema, more.getSimpleName()), tree, places);
    ObjectNode settings = tree.deepCopy().retain(schema.keys());
    ObjectNode job = tree.deepCopy().remove(schema.keys());
    return new With<>(new JobFile(job, places), bind(schema, settings, more, places));
  }

  /**
   * A record of settings with every default.
   *
   * @param known what the schema knows of the tree
   */
  static <T> T bound(
      SettingsSchema schema, ObjectNode known, ObjectNode tree, Class<T> type, Places places) {
    check(schema, known, places);
    return bind(schema, tree, type, places);
  }

  private static void check(SettingsSchema schema, ObjectNode tree, Places places) {
    List<String> mistakes = new JobValidator(schema, places).find(tree);
    if (!mistakes.isEmpty()) {
      throw new InvalidJobException(mistakes);
    }
  }

  private static <T> T bind(
      SettingsSchema schema, ObjectNode settings, Class<T> type, Places places) {
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
}
