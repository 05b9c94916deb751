package org.descry.train.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.testing.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** As the shell does with mkdir -p. */
  @Test
  void thePathMayTurnBackFromWhatIsNotThereYet() {
    Path winding = dir.resolve("a/../b");
    try (RunFolder run = RunFolder.claim(winding, "job", false)) {
      run.begin();
      assertThat(run.path()).isDirectory();
    }
    assertThat(dir.resolve("b")).isDirectory();
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
    Files.move(dir.resolve("job"), dir.resolve(".job.old")); // as 0.1.0 did
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
  void aRunThatWasKilledInItsFirstFileIsNoRun() throws IOException {
    Files.createDirectories(dir.resolve("job"));
    Files.writeString(dir.resolve("job/.job.yaml.tmp"), "name: j");
    try (RunFolder run = RunFolder.claimFastDevRun(dir, "job")) {
      run.begin();
      assertThat(dir.resolve("job")).isEmptyDirectory(); // a kill leaves nothing strange
      run.write("job.yaml", "name: job");
      assertThat(dir.resolve("job/fast-dev-run")).exists();
    }
    assertThat(dir.resolve("job")).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    assertThatThrownBy(() -> RunFolder.claim(file.resolve("runs"), "job", false))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith(
            "output.dir is %s, but expected a folder that can be written: ", file.resolve("runs"));
  }

  @Test
  void onlyARunsOwnFilesAreEverReplaced() throws IOException {
    Path thesis = Files.createDirectories(dir.resolve("job"));
    Path report = Files.writeString(thesis.resolve("report.html"), "a year's work");
    assertRefused(report);
    finishedRunIn("other");
    Path notes = Files.createDirectories(dir.resolve("other/notes")).resolve("day-1.txt");
    Files.writeString(notes, "mine");
    assertThatThrownBy(() -> RunFolder.claim(dir, "other", true))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("something else than a run: " + notes.getParent());
    assertThat(notes).hasContent("mine");
    assertThat(dir.resolve("other/model.zip")).hasContent("other");
    assertThat(report).hasContent("a year's work");
    Files.delete(report);
    Files.delete(thesis);
    assertRefused(Files.writeString(thesis, "a file"));
  }

  private void assertRefused(Path other) {
    for (boolean replace : new boolean[] {false, true}) {
      assertThatThrownBy(() -> RunFolder.claim(dir, "job", replace))
          .isInstanceOf(UsageException.class)
          .hasMessage(
              "%s holds something else than a run: %s; expected another name, for only the files of"
                  + " a run are ever replaced.",
              dir.resolve("job"), other);
    }
    assertThat(other).exists();
  }

  @Test
  void filesThatAUserAddsMeanwhileStay() throws IOException {
    Path notes = dir.resolve("job/notes.txt");
    try (RunFolder failing = RunFolder.claim(dir, "job", false)) {
      failing.begin();
      failing.write("job.yaml", "name: job");
      Files.writeString(notes, "mine");
    }
    assertThat(notes).hasContent("mine");
    assertThat(dir.resolve("job/job.yaml")).doesNotExist();
  }

  @Test
  void aFastDevRunReplacesNothingElse() throws IOException {
    finishedRunIn("a-fast-dev-run");
    assertThatThrownBy(() -> RunFolder.claimFastDevRun(dir, "a-fast-dev-run"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("holds a run that is no fast-dev-run");
    for (int i = 0; i < 2; i++) {
      try (RunFolder run = RunFolder.claimFastDevRun(dir, "b-fast-dev-run")) {
        run.begin();
        run.write("job.yaml", "b");
        run.saveModel(out -> out.write('b'));
      }
    }
    assertThatThrownBy(() -> RunFolder.claim(dir, "b-fast-dev-run", false))
        .hasMessageContaining("holds an earlier run");
  }

  /** Every state that a kill may leave on the way: the files that have been moved so far. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aReplacementThatWasBrokenOffIsFinished(int moved) throws IOException {
    finishedRun("first");
    Files.writeString(dir.resolve("job/summary.json"), "first");
    Path stage = Files.createDirectories(dir.resolve("job/.new"));
    List<String> files = List.of("job.yaml", "metrics.jsonl", "model.zip");
    for (String file : files) {
      Files.writeString(stage.resolve(file), "second");
    }
    if (moved > 0) {
      Files.delete(dir.resolve("job/summary.json"));
    }
    for (String file : files.subList(0, moved)) {
      Files.move(
          stage.resolve(file),
          dir.resolve("job").resolve(file),
          StandardCopyOption.REPLACE_EXISTING);
    }
    assertThatThrownBy(() -> RunFolder.claim(dir, "job", false))
        .hasMessageContaining("holds an earlier run");
    try (Stream<Path> left = Files.walk(dir.resolve("job"))) {
      List<Path> found = left.filter(Files::isRegularFile).toList();
      boolean finished = moved == files.size();
      assertThat(found).hasSize(3).allSatisfy(file -> assertThat(file).hasContent("second"));
      assertThat(stage).doesNotExist();
      assertThat(finished || found.contains(dir.resolve("job/model.zip"))).isTrue();
    }
  }

  @Test
  void aKillNeverLeavesTheNameWithoutAModel() throws Exception {
    finishedRun("0");
    Random random = new Random(1);
    String last = "0";
    for (int kill = 0; kill < 8; kill++) {
      Process replacing =
          ChildJvm.of(
                  List.of("-XX:TieredStopAtLevel=1"),
                  Replacing.class,
                  dir.toString(),
                  Integer.toString(1000 * kill))
              .redirectErrorStream(true)
              .start();
      try (BufferedReader out = replacing.inputReader()) {
        out.readLine(); // the first replacement is done
        Thread.sleep(random.nextInt(60));
        new ProcessBuilder("kill", "-KILL", Long.toString(replacing.pid())).start().waitFor();
        replacing.waitFor();
      } finally {
        replacing.destroyForcibly();
      }
      String model = Files.readString(dir.resolve("job/model.zip"));
      assertThat(model).isNotEqualTo(last);
      assertThat(new HashSet<>(List.of(model.split(" ")))).hasSize(1); // whole, and of one run
      assertThatThrownBy(() -> RunFolder.claim(dir, "job", false))
          .hasMessageContaining("holds an earlier run");
      String recovered = Files.readString(dir.resolve("job/model.zip"));
      assertThat(recovered).startsWith(Files.readString(dir.resolve("job/job.yaml")) + " ");
      last = recovered;
    }
  }

  /** Replaces the run again and again, until it is killed. */
  static final class Replacing {
    public static void main(String[] args) {
      Path dir = Path.of(args[0]);
      for (int i = Integer.parseInt(args[1]) + 1; ; i++) {
        String number = Integer.toString(i);
        byte[] model = (number + " ").repeat(5_000).getBytes(StandardCharsets.UTF_8);
        try (RunFolder run = RunFolder.claim(dir, "job", true)) {
          run.begin();
          run.write("job.yaml", number);
          run.append("metrics.jsonl", number);
          run.saveModel(out -> out.write(model));
          run.write("summary.json", number);
        }
        System.out.println(i);
      }
    }
  }

  private void finishedRunIn(String name) throws IOException {
    try (RunFolder run = RunFolder.claim(dir, name, false)) {
      run.begin();
      run.write("job.yaml", name);
      run.saveModel(out -> out.write(name.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private void finishedRun(String model) throws IOException {
    try (RunFolder run = RunFolder.claim(dir, "job", true)) {
      run.begin();
      run.write("job.yaml", model);
      run.saveModel(out -> out.write(model.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
