package org.descry.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.descry.job.schema.Defaults;
import org.descry.job.schema.Places;
import org.descry.job.schema.SettingsSchema;
import org.descry.job.schema.Yaml;

/**
 * The settings of a record, set one by one by its accessors; all others are what a job file's are
 * that does not name them:
 *
 * <pre>{@code
 * Job job =
 *     Settings.of(Job.class)
 *         .with(Job::name, "digits")
 *         .with(Job::data, Settings.of(Folder.class).with(Folder::path, Path.of("images")))
 *         .with(Job::model, Settings.of(Residual.class).with(Residual::depth, 20))
 *         .build();
 * }</pre>
 *
 * <p>Immutable: {@link #with} makes others.
 *
 * @param <T> the record
 */
public final class Settings<T extends Record> {
  private final Class<T> type;
  private final ObjectNode tree;

  /**
   * A reference to a record's accessor, such as {@code Job::name}.
   *
   * @param <T> the record
   */
  @FunctionalInterface
  public interface Accessor<T> extends Serializable {
    /** The value of the record's component. */
    Object of(T settings);
  }

  private Settings(Class<T> type, ObjectNode tree) {
    this.type = type;
    this.tree = tree;
  }

  /** No setting yet. */
  public static <T extends Record> Settings<T> of(Class<T> type) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    Class<?> kinds = kinds(type);
    if (kinds != null) {
      tree.put(kindKey(kinds), kind(kinds, type));
    }
    return new Settings<>(type, tree);
  }

  /** All settings of a record. */
  @SuppressWarnings("unchecked") // a record's class has no subclass
  public static <T extends Record> Settings<T> of(T settings) {
    return new Settings<>((Class<T>) settings.getClass(), (ObjectNode) recorded(settings));
  }

  /**
   * These with another one.
   *
   * @param key a reference to an accessor of the record, such as {@code Job::name}
   * @param value a number, a text, an enum's value, a {@link Path}, a record of settings or the
   *     {@link Settings} of one, or a list of those; null for what is so by default
   * @throws IllegalArgumentException if {@code key} is no such reference
   */
  public Settings<T> with(Accessor<T> key, Object value) {
    ObjectNode changed = tree.deepCopy();
    changed.set(name(key), tree(value));
    Defaults.withoutNulls(changed);
    return new Settings<>(type, changed);
  }

  /**
   * The record, checked as a job file is.
   *
   * @throws InvalidJobException with one sentence for each mistake
   */
  public T build() {
    boolean job = type == Job.class;
    String name = type.getSimpleName();
    SettingsSchema schema = job ? JobSchema.SCHEMA : SettingsSchema.of(type, name);
    ObjectNode known = tree.deepCopy();
    Class<?> kinds = kinds(type);
    if (kinds != null) {
      known.remove(kindKey(kinds));
    }
    String source = job ? "the job" : name.toLowerCase(Locale.ROOT);
    return JobFile.bound(schema, known, tree, type, Places.of(source));
  }

  private static JsonNode tree(Object value) {
    if (value == null) {
      return NullNode.getInstance();
    } else if (value instanceof Settings<?> settings) {
      return settings.tree;
    } else if (value instanceof Path path) {
      return TextNode.valueOf(path.toString());
    } else if (value instanceof Iterable<?> list) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      list.forEach(element -> array.add(tree(element)));
      return array;
    }
    return recorded(value);
  }

  private static JsonNode recorded(Object value) {
    return Defaults.withoutNulls(Yaml.recorded(value));
  }

  private String name(Accessor<T> key) {
    String method = method(key);
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> component.getName().equals(method))
        .findFirst()
        .map(Settings::key)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Expected a reference to an accessor of %s, got one to %s"
                        .formatted(type.getSimpleName(), method)));
  }

  private static String key(RecordComponent component) {
    JsonProperty name = component.getAccessor().getAnnotation(JsonProperty.class);
    return name == null ? component.getName() : name.value();
  }

  /** The method that a reference leads to, as it is written where one is serialised. */
  private static String method(Accessor<?> key) {
    String[] name = {"none"};
    try (ObjectOutputStream out =
        new ObjectOutputStream(OutputStream.nullOutputStream()) {
          {
            enableReplaceObject(true);
          }

          @Override
          protected Object replaceObject(Object written) {
            if (written instanceof SerializedLambda reference) {
              name[0] = reference.getImplMethodName();
            }
            return null;
          }
        }) {
      out.writeObject(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written
    }
    return name[0];
  }

  /** The interface whose kinds a record is one of; null for none. */
  private static Class<?> kinds(Class<?> type) {
    for (Class<?> above : type.getInterfaces()) {
      Class<?> found = above.isAnnotationPresent(JsonSubTypes.class) ? above : kinds(above);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static String kindKey(Class<?> kinds) {
    return kinds.getAnnotation(JsonTypeInfo.class).property();
  }

  private static String kind(Class<?> kinds, Class<?> type) {
    return Arrays.stream(kinds.getAnnotation(JsonSubTypes.class).value())
        .filter(kind -> kind.value() == type)
        .findFirst()
        .orElseThrow()
        .name();
  }
}
