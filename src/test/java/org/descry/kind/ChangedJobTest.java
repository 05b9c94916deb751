package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.io.Json;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.train.checkpoint.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What of a job may be another when its training goes on. */
class ChangedJobTest {
  private static final List<String> FREE =
      List.of(
          "output.dir",
          "output.layout",
          "training.maxTime",
          "training.maxSteps",
          "training.checkpoint.every",
          "training.checkpoint.keepLast",
          "training.checkpoint.keepBest",
          "training.earlyStopping",
          "training.onDivergence",
          "training.watch",
          "training.dataTimeout");

  @TempDir Path dir;

  static List<String> kinds() {
    return ResumedJobs.ALL;
  }

  /** Each key of a job with every default, changed alone. */
  @ParameterizedTest
  @MethodSource("kinds")
  void everyKeyMayChangeOrIsNamed(String kind) throws IOException {
    Job job = ResumedJobs.job(kind, dir, "runs").job();
    boolean laidOut = job.training().optimizer().schedule().coversTraining();
    List<String> free = new ArrayList<>(FREE);
    if (!laidOut) {
      free.add("training.epochs");
    }
    List<String> keys = new ArrayList<>();
    keys("", JobFile.tree(job), keys);
    assertThat(keys).contains("seed", "training.batchSize", "model.type", "data.source");
    for (String key : keys) {
      ObjectNode begun = JobFile.tree(job).deepCopy();
      set(begun, key, TextNode.valueOf("another"));
      if (free.contains(key)) {
        assertThatCode(() -> Origin.requireSameJob(job, begun, dir)).doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> Origin.requireSameJob(job, begun, dir))
            .as(key)
            .isInstanceOf(UsageException.class)
            .hasMessageStartingWith(key + " is ")
            .hasMessageContaining("was begun with \"another\"");
      }
    }
  }

  /** Sections that are absent may come. */
  @Test
  void freeSectionsMayCome() throws IOException {
    JobFile begun = ResumedJobs.job(kinds().get(0), dir, "runs");
    for (String setting :
        List.of(
            "training.maxTime=1m",
            "training.maxSteps=9",
            "training.earlyStopping={patience: 2}",
            "training.onDivergence={times: 3}")) {
      Origin.requireSameJob(begun.set(setting).job(), JobFile.tree(begun.job()), dir);
      Origin.requireSameJob(begun.job(), JobFile.tree(begun.set(setting).job()), dir);
    }
  }

  @Test
  void otherThreadsAreSaid() throws IOException {
    Job job = ResumedJobs.job(kinds().get(0), dir, "runs").job();
    Origin now = Origin.of(job, Map.of("train", 9), "a", Map.of());
    assertThat(now.differences(now)).isEmpty();
    Map<String, String> engine = new TreeMap<>(now.engine());
    String before = engine.put("threads", "77");
    Origin then =
        new Origin(now.job(), now.data(), "a", Map.of(), now.versions(), engine, List.of("x"));
    assertThat(then.differences(now))
        .hasValue(
            "Goes on elsewhere than it was begun (threads was 77 and is %s): the last bits of its results may differ."
                .formatted(before));
    assertThat(now.after(then, 8).changes())
        .containsExactly(
            "x", "threads was 77 and is %s since step 8 of the training".formatted(before));
  }

  @Test
  void whatAnEarlierVersionDidNotRecordIsNoChange() throws IOException {
    Job job = ResumedJobs.job(kinds().get(0), dir, "runs").job();
    Origin now = Origin.of(job, Map.of("train", 9), "a", Map.of("model.initFrom", "b"));
    ObjectNode earlier = Json.MAPPER.valueToTree(now);
    earlier.remove("weights");
    Origin then = Json.MAPPER.treeToValue(earlier, Origin.class);
    then.requireSameData(now, dir);
    assertThat(now.after(then, 8).weights()).containsOnlyKeys("model.initFrom");
    assertThatThrownBy(
            () ->
                now.requireSameData(
                    Origin.of(job, Map.of("train", 9), "a", Map.of("model.initFrom", "c")), dir))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("model.initFrom: ")
        .hasMessageContaining(" holds other weights (fingerprint c, it was b)");
  }

  private static void keys(String prefix, JsonNode node, List<String> keys) {
    if (node instanceof ObjectNode section && !section.isEmpty()) {
      section
          .properties()
          .forEach(
              e ->
                  keys(
                      prefix.isEmpty() ? e.getKey() : prefix + "." + e.getKey(),
                      e.getValue(),
                      keys));
    } else {
      keys.add(prefix);
    }
  }

  private static void set(ObjectNode job, String key, JsonNode value) {
    int dot = key.lastIndexOf('.');
    ObjectNode section =
        dot < 0 ? job : (ObjectNode) job.at("/" + key.substring(0, dot).replace('.', '/'));
    section.set(key.substring(dot + 1), value);
  }
}
