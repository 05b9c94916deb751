package org.descry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.descry.DescryException;
import org.descry.job.schema.FilePath;
import org.descry.job.schema.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting of a job that is a path, found from the records. */
class PathSettingsTest {
  @TempDir Path dir;

  /**
   * @param key such as {@code data.splits.train}
   * @param kinds of the sections before it: key and value
   * @param needed other paths that have to be there with it
   */
  record Setting(String key, List<String> kinds, List<String> needed) {
    @Override
    public String toString() {
      return kinds + " " + key;
    }
  }

  static List<Setting> settings() {
    List<Setting> found = new ArrayList<>();
    walk(Job.class, "", List.of(), List.of(), found::add);
    return found;
  }

  private static void walk(
      Class<?> type, String at, List<String> kinds, List<String> needed, Consumer<Setting> found) {
    JsonSubTypes sorts = type.getAnnotation(JsonSubTypes.class);
    if (sorts != null) {
      String naming = at.equals("data") ? "source" : "type";
      for (JsonSubTypes.Type sort : sorts.value()) {
        List<String> more = with(kinds, at + "." + naming + "=" + sort.name());
        walk(sort.value(), at, more, needed, found);
      }
    } else if (type.isRecord()) {
      List<String> required =
          Arrays.stream(type.getRecordComponents())
              .filter(PathSettingsTest::isPath)
              .filter(part -> part.getAnnotation(Key.class).required())
              .map(part -> key(at, part))
              .toList();
      for (RecordComponent part : type.getRecordComponents()) {
        List<String> beside = Stream.concat(needed.stream(), required.stream()).distinct().toList();
        if (isPath(part)) {
          found.accept(new Setting(key(at, part), kinds, beside));
        } else {
          walk(part.getType(), key(at, part), kinds, beside, found);
        }
      }
    }
  }

  private static boolean isPath(RecordComponent part) {
    return part.getType() == FilePath.class;
  }

  private static String key(String at, RecordComponent part) {
    return at.isEmpty() ? part.getName() : at + "." + part.getName();
  }

  private static List<String> with(List<String> kinds, String more) {
    return Stream.concat(kinds.stream(), Stream.of(more)).toList();
  }

  @Test
  void thereAreSome() {
    assertThat(settings())
        .extracting(Setting::key)
        .contains("data.path", "data.captions", "data.splits.testImages", "model.initFrom");
  }

  @ParameterizedTest
  @MethodSource("settings")
  void oneThatIsNotThereIsCalledByItsWholeKey(Setting setting) throws Exception {
    Path file = Files.writeString(dir.resolve("job.yaml"), "name: paths\nmodel: {}\ndata: {}\n");
    JobFile job = JobFile.read(file);
    for (String kind : setting.kinds()) {
      job = job.set(kind);
    }
    for (String needed : setting.needed()) {
      job = job.set(needed + "=" + dir);
    }
    for (String more : suited(setting)) {
      job = job.set(more);
    }
    Job read = job.set(setting.key() + "=nowhere").job();
    FilePath path = at(read, setting.key());
    assertThat(path).hasToString("nowhere");
    assertThatThrownBy(path::find)
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith(
            "--set %1$s=nowhere: %1$s is nowhere, but there is neither".formatted(setting.key()));
  }

  /** What else makes a job of it. */
  private List<String> suited(Setting setting) {
    String model = "model.type=";
    String stages = "model.stages=[{filters: 4}]";
    if (setting.key().startsWith("model.")) {
      return List.of("data.source=shape-captions", stages);
    } else if (setting.key().equals("data.features")) {
      return List.of(model + "captioning-rnn");
    } else if (setting.kinds().contains("data.source=captions")) {
      return List.of(model + "captioning-rnn", "data.images=" + dir, stages);
    }
    Map<String, String> models =
        Map.of("data.source=text", "language-rnn", "data.source=sequences", "sequence-rnn");
    String type =
        setting.kinds().stream()
            .map(models::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse("three-layer-convnet");
    return List.of(model + type);
  }

  private static FilePath at(Object settings, String key) throws Exception {
    Object here = settings;
    for (String step : key.split("\\.")) {
      Predicate<RecordComponent> named = part -> part.getName().equals(step);
      here =
          Arrays.stream(here.getClass().getRecordComponents())
              .filter(named)
              .findFirst()
              .orElseThrow()
              .getAccessor()
              .invoke(here);
    }
    return (FilePath) here;
  }
}
