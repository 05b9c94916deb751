package org.descry.train.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.io.NameLock;
import org.descry.train.folder.StoredRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunComparisonTest {
  @TempDir Path dir;

  private Path run(String name, String rate, String summary, double... accuracies)
      throws IOException {
    Path folder = Files.createDirectories(dir.resolve(name));
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        name: %s
        model: {type: convnet, stages: [{filters: 8}, {filters: 16}]}
        training: {epochs: 3, selectBy: accuracy, optimizer: {type: adam, learningRate: %s}}
        """
            .formatted(name.replace('/', '-'), rate));
    StringBuilder metrics = new StringBuilder();
    for (int i = 0; i < accuracies.length; i++) {
      metrics.append(
          "{\"epoch\":%1$s,\"iteration\":%1$s,\"trainLoss\":1.5,\"validationLoss\":1.25,\"validationAccuracy\":%2$s,\"seconds\":%1$s.0}\n"
              .formatted(i + 1, accuracies[i]));
    }
    Files.writeString(folder.resolve("metrics.jsonl"), metrics);
    if (summary != null) {
      Files.writeString(folder.resolve("summary.json"), summary);
    }
    return folder;
  }

  private static final String SUMMARY =
      "{\"bestEpoch\":2,\"testAccuracy\":0.75,\"testLoss\":1.1,\"parameters\":12345}";

  @BeforeEach
  void runs() throws IOException {
    run("ended", "0.1", SUMMARY, 0.5, 0.8, 0.7);
    run("dated/20261127-101010", "0.2", null, 0.6);
    Files.writeString(dir.resolve("dated/LATEST"), "20261127-101010\n");
    Files.createDirectories(dir.resolve("swept"));
    run("swept/candidate", "0.2", null);
    Files.writeString(dir.resolve("swept/journal.jsonl"), "");
    Files.createDirectories(dir.resolve("other"));
  }

  private List<StoredRun> below(List<String> unreadable) {
    return StoredRun.below(dir, unreadable::add);
  }

  @Test
  void figuresOfTheTestPartMayBeNamedWithoutIt() throws IOException {
    run("captions", "0.1", "{\"bestEpoch\":1,\"accuracy\":0.25,\"loss\":3}", 0.5);
    assertThat(StoredRun.in(dir.resolve("captions")).test()).contains(0.25);
  }

  /** Of many runs, the file has to be named. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "metrics.jsonl | {\"epoch\":1 | , line 1: damaged (",
        "metrics.jsonl | null | , line 1: damaged (no epoch); expected the metrics of an epoch.",
        "metrics.jsonl | {} | , line 1: damaged (",
        "metrics.jsonl | [] | , line 1: damaged (",
        "summary.json | {\"bestEpoch\": | : damaged (",
        "summary.json | 7 | : no JSON object; expected the summary of a run.",
      })
  void aDamagedFileIsNamed(String name, String content, String said) throws IOException {
    Path folder = run("damaged", "0.1", SUMMARY, 0.5);
    Path file = Files.writeString(folder.resolve(name), content);
    assertThatThrownBy(() -> StoredRun.in(folder))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + said);
    List<String> unreadable = new ArrayList<>();
    below(unreadable);
    assertThat(unreadable).singleElement().asString().startsWith(file + said);
  }

  @Test
  void findsRunsAndTheirState() throws IOException {
    List<String> unreadable = new ArrayList<>();
    List<StoredRun> found = below(unreadable);
    assertThat(unreadable).isEmpty();
    assertThat(found)
        .extracting(StoredRun::name)
        .containsExactlyInAnyOrder("ended", "dated/20261127-101010");
    StoredRun ended = StoredRun.in(dir.resolve("ended"));
    assertThat(ended.state()).isEqualTo("finished");
    assertThat(ended.best()).hasValueSatisfying(best -> assertThat(best.epoch()).isEqualTo(2));
    assertThat(ended.test()).contains(0.75);
    assertThat(StoredRun.in(dir.resolve("dated")).state()).isEqualTo("stopped");
    try (NameLock lock = NameLock.take(dir.resolve("dated"), "20261127-101010", "job")) {
      assertThat(lock).isNotNull();
      assertThat(StoredRun.in(dir.resolve("dated")).state()).isEqualTo("running");
    }
    assertThat(StoredRun.in(dir.resolve("dated")).state()).isEqualTo("stopped");
  }

  @Test
  void aDamagedRunIsSaidAndTheOthersAreListed() throws IOException {
    Files.writeString(run("broken", "0.1", "{", 0.5).resolve("metrics.jsonl"), "no JSON\n");
    List<String> unreadable = new ArrayList<>();
    assertThat(below(unreadable)).hasSize(2);
    assertThat(unreadable).singleElement().asString().contains("broken");
  }

  @Test
  void namesWhatIsNoRun() {
    assertThatThrownBy(() -> StoredRun.in(dir.resolve("other")))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            dir.resolve("other") + " holds no run; expected the folder of one, such as runs/NAME.");
    assertThatThrownBy(() -> StoredRun.below(dir.resolve("none"), sentence -> {}))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is no folder; expected one that holds runs");
  }

  @Test
  void thePageHasCurvesFiguresAndDifferencesOfAll() throws IOException {
    StoredRun one = StoredRun.in(dir.resolve("ended"));
    StoredRun other = StoredRun.in(run("<i>", "0.3", null, 0.1, 0.2));
    RunComparison comparison = new RunComparison(List.of(one, other));
    assertThat(comparison.differences())
        .containsOnlyKeys("name", "training.optimizer.learningRate");
    assertThat(comparison.differences().get("training.optimizer.learningRate"))
        .containsExactly("0.1", "0.3");
    Path page = dir.resolve("page.html");
    comparison.write(page);
    String html = Files.readString(page);
    assertThat(html)
        .contains("Validation accuracy", "Test accuracy</th><td>0.7500</td><td>–</td>")
        .contains(">12,345</td>", "2 of 3", "training.optimizer.learningRate")
        .contains("ended, epoch 3: 0.7", "&lt;i>, epoch 2: 0.2")
        .doesNotContain("<i>", "http:", "https:");
    assertThat(html.split("<polyline", -1)).hasSize(1 + 2 * 3); // the learning rate is not known
  }
}
