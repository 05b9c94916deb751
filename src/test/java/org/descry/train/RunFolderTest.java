package org.descry.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path dir;

  @Test
  void aNameIsHeldByOneJobAtATime() {
    try (RunFolder first = RunFolder.claim(dir, "job", false)) {
      assertThat(first.path()).isEqualTo(dir.resolve("job"));
      assertThatThrownBy(() -> RunFolder.claim(dir, "job", true))
          .isInstanceOf(DescryException.class)
          .hasMessage(
              "A job named job is running in %s already; expected one at a time: wait for it or set"
                  + " another name.",
              dir);
      RunFolder.claim(dir, "other", false).close();
    }
    assertThatCode(() -> RunFolder.claim(dir, "job", false).close()).doesNotThrowAnyException();
  }

  @Test
  void anEarlierRunIsNotOverwritten() throws IOException {
    finishedRun("first");
    assertThatThrownBy(() -> RunFolder.claim(dir, "job", false))
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "%s holds an earlier run; expected a new name, or --force to replace it.",
            dir.resolve("job"));
    assertThat(dir.resolve("job/model.zip")).hasContent("first");
  }

  @Test
  void anEarlierRunStaysUntilItsReplacementHasAModel() throws IOException {
    finishedRun("first");
    try (RunFolder failing = RunFolder.claim(dir, "job", true)) {
      failing.begin();
      failing.write("job.yaml", "second");
    }
    assertThat(dir.resolve("job/model.zip")).hasContent("first");
    finishedRun("second");
    assertThat(dir.resolve("job/model.zip")).hasContent("second");
    assertThat(dir.resolve(".job.old")).doesNotExist();
  }

  @Test
  void aRunWithoutAModelLeavesNothing() {
    try (RunFolder failing = RunFolder.claim(dir, "job", false)) {
      failing.begin();
      failing.write("job.yaml", "name: job");
    }
    assertThat(dir.resolve("job")).doesNotExist();
  }

  @Test
  void whatAKilledReplacementLeftIsPutInOrder() throws IOException {
    finishedRun("first");
    Files.move(dir.resolve("job"), dir.resolve(".job.old"));
    Files.createDirectories(dir.resolve("job"));
    Files.writeString(dir.resolve("job/job.yaml"), "second");
    assertThatThrownBy(() -> RunFolder.claim(dir, "job", false))
        .hasMessageContaining("holds an earlier run");
    assertThat(dir.resolve("job/model.zip")).hasContent("first");
  }

  @Test
  void whatAKilledRunLeftBeforeItsFirstModelIsNoRun() throws IOException {
    Files.createDirectories(dir.resolve("job"));
    Files.writeString(dir.resolve("job/job.yaml"), "name: job");
    finishedRun("second");
    assertThat(dir.resolve("job/model.zip")).hasContent("second");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    assertThatThrownBy(() -> RunFolder.claim(file.resolve("runs"), "job", false))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith(
            "output.dir is %s, but expected a folder that can be written: ", file.resolve("runs"));
  }

  private void finishedRun(String model) throws IOException {
    try (RunFolder run = RunFolder.claim(dir, "job", true)) {
      run.begin();
      run.saveModel(out -> out.write(model.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
