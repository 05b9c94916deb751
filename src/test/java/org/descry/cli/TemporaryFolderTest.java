package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks without room where libraries are unpacked; mounted in a name space of the test's own. */
class TemporaryFolderTest {
  private static final String FULL =
      "mount -t tmpfs -o size=8k none %s && (head -c 99999 /dev/zero > %<s/x 2> /dev/null; true)";

  private static final String READ_ONLY = "mount -t tmpfs -o ro none %s";

  @TempDir Path dir;

  private static List<String> alone(String script) {
    return List.of("unshare", "-rm", "bash", "-c", script);
  }

  /**
   * @param home whether the home folder lies there too
   */
  private void refused(String mount, boolean home, String... args) throws Exception {
    Path disk = Files.createDirectories(dir.resolve("disk"));
    String mounted = mount.formatted(disk);
    assumeThat(new ProcessBuilder(alone(mounted)).start().waitFor())
        .as("this machine lets nobody mount a disk of his own")
        .isZero();
    Path err = dir.resolve("err");
    List<String> command = new ArrayList<>(alone(mounted + " && exec \"$0\" \"$@\" 2> " + err));
    command.addAll(Cli.program(Main.class, args).command());
    List<String> jvm = List.of("-XX:-UsePerfData", "-Djava.io.tmpdir=" + disk);
    command.addAll(command.indexOf("-cp"), jvm);
    if (home) {
      command.add(command.indexOf("-cp"), "-Duser.home=" + disk);
    }
    int code =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    String said = Files.readString(err);
    assertThat(code).as(said).isEqualTo(4);
    assertThat(said.lines().filter(line -> !line.startsWith("Engine: ")))
        .singleElement()
        .asString()
        .startsWith("Native libraries cannot be unpacked (");
  }

  @ParameterizedTest
  @ValueSource(strings = {FULL, READ_ONLY})
  void theEngineSaysSo(String mount) throws Exception {
    refused(mount, true, "doctor");
  }

  @ParameterizedTest
  @ValueSource(strings = {FULL, READ_ONLY})
  void aTrainingAndASweepSaySo(String mount) throws Exception {
    Path job = dir.resolve("job.yaml");
    Files.writeString(
        job,
        """
        name: n
        model: {type: three-layer-convnet, filters: 2, hidden: 4}
        data: {source: shapes, train: 20, validation: 10, test: 10}
        training: {epochs: 1}
        output: {dir: '%s'}
        """
            .formatted(dir.resolve("runs")));
    refused(mount, true, "train", job.toString());
    Files.writeString(
        job,
        Files.readString(job)
            + "search: {model.hidden: {choice: [2, 4]}}\nbudget: {candidates: 2}\n");
    refused(mount, true, "sweep", job.toString());
    assertThat(dir.resolve("runs/n")).doesNotExist();
  }

  @Test
  void anExportThatIsToBeRunSaysSo() throws Exception {
    String model = Path.of("models/shapes-classifier.zip").toAbsolutePath().toString();
    String made = dir.resolve("made.onnx").toString();
    refused(FULL, false, "export", model, "--format", "onnx", "--out", made);
    assertThat(dir.resolve("made.onnx")).doesNotExist();
  }
}
