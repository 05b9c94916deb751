package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.DiskException;
import org.descry.DivergedException;
import org.descry.ExitCode;
import org.descry.MemoryException;
import org.descry.UsageException;
import org.descry.io.PngWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Each exit code, from the command that ends with it. */
class ExitCodeTest {
  @TempDir Path dir;

  private static int run(String... args) {
    return Cli.here(args).code();
  }

  private static int code(Throwable failure) {
    return Failures.report(failure, new PrintWriter(new StringWriter()), false, false);
  }

  private String job(String data, String training) throws IOException {
    return Files.writeString(
            dir.resolve("job.yaml"),
            """
            name: codes
            model: {type: three-layer-convnet, filters: 2, filterSize: 3, hidden: 4}
            data: {%s}
            training: {batchSize: 10, %s}
            output: {dir: "%s"}
            """
                .formatted(data, training, dir.resolve("runs")))
        .toString();
  }

  private String shapes(String training) throws IOException {
    return job("source: shapes, train: 20, validation: 10, test: 10", training);
  }

  @Test
  void theDocumentationHasARowForEach() throws IOException {
    String page = Files.readString(Path.of("docs/exit-codes.md"));
    List<String> rows = page.lines().filter(line -> line.matches("\\| \\d+ \\|.*")).toList();
    assertThat(rows.stream().map(row -> Integer.valueOf(row.replaceAll("\\D*(\\d+).*", "$1"))))
        .containsExactlyElementsOf(Arrays.stream(ExitCode.values()).map(ExitCode::number).toList());
  }

  @Test
  void aSweepIsNoJobAndAJobNoSweep() throws IOException {
    String job = shapes("epochs: 1");
    assertThat(sentence("sweep", job))
        .isEqualTo(
            job
                + ": is a job file, for it has no key search; expected a sweep file: descry train "
                + job
                + " runs it.");
    String sweep =
        Files.writeString(
                dir.resolve("sweep.yaml"),
                Files.readString(Path.of(job)) + "search: {model.hidden: {choice: [2, 4]}}\n")
            .toString();
    String expected =
        sweep
            + ": is a sweep file, for it has the key search; expected a job file: descry sweep "
            + sweep
            + " runs it.";
    assertThat(sentence("train", sweep)).isEqualTo(expected);
    assertThat(sentence("gradcheck", "--model", sweep)).isEqualTo(expected);
  }

  private static String sentence(String... args) {
    Cli.Outcome outcome = Cli.here(args);
    assertThat(outcome.code()).isEqualTo(2);
    return outcome.err().strip();
  }

  @Test
  void wrongFilesAreAsWrongCommandLines() throws IOException {
    assertThat(run("train", dir.resolve("none.yaml").toString())).isEqualTo(2);
    assertThat(run("train", dir.toString())).isEqualTo(2);
    assertThat(run("train", shapes("epochs: 0"))).isEqualTo(2);
    assertThat(run("sweep", shapes("epochs: 1"))).isEqualTo(2); // without search
    String broken = Files.writeString(dir.resolve("broken.yaml"), "name: [a").toString();
    assertThat(run("train", broken)).isEqualTo(2);
    assertThat(run("sweep", broken)).isEqualTo(2);
    assertThat(run("gradcheck", "--model", broken)).isEqualTo(2);
    assertThat(run("data", "convert", dir.toString(), dir.toString())).isEqualTo(2);
  }

  @Test
  void dataThatIsMissingOrDamaged() throws IOException {
    String none = dir.resolve("none").toString();
    assertThat(run("evaluate", none + ".zip")).isEqualTo(3);
    assertThat(run("predict", none + ".zip", none + ".png")).isEqualTo(3);
    assertThat(run("data", "inspect", none)).isEqualTo(3);
    assertThat(run("train", job("source: image-folder, path: " + none, "epochs: 1"))).isEqualTo(3);
    assertThat(run("train", job("source: cifar10, path: " + none, "epochs: 1"))).isEqualTo(3);
  }

  @Test
  void aFolderThatCannotBeWritten() throws IOException {
    String inFile = Files.createFile(dir.resolve("file")) + "/runs";
    assertThat(run("train", shapes("epochs: 1"), "--set", "output.dir=" + inFile)).isEqualTo(4);
    assertThat(run("data", "make", "shapes", inFile)).isEqualTo(4);
  }

  @Test
  void aTrainingThatDiverges() throws IOException {
    String job = shapes("epochs: 3, optimizer: {type: sgd, learningRate: 1.0e+30}");
    assertThat(run("train", job)).isEqualTo(6);
  }

  /** Whose sentences come from elsewhere, too. */
  @Test
  void everySentenceHasAnEnd() {
    StringWriter err = new StringWriter();
    Failures.report(new DataException("a"), new PrintWriter(err), false, false);
    assertThat(err).hasToString("a." + System.lineSeparator());
  }

  @Test
  void everyKindOfFailureHasItsCode() {
    assertThat(code(new DescryException("a"))).isEqualTo(1);
    assertThat(code(new IllegalStateException("a"))).isEqualTo(1);
    assertThat(code(new UsageException("a"))).isEqualTo(2);
    assertThat(code(new DataException("a"))).isEqualTo(3);
    assertThat(code(new DiskException("a", null))).isEqualTo(4);
    assertThat(code(new MemoryException("a"))).isEqualTo(5);
    assertThat(code(new RuntimeException(new OutOfMemoryError("a")))).isEqualTo(5);
    assertThat(code(new DivergedException("a"))).isEqualTo(6);
  }

  @Test
  void outputThatIsLostIsAFailure() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "needs /dev/full");
    Path err = dir.resolve("err");
    Process schema =
        Cli.program(Main.class, "schema")
            .redirectOutput(full.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(schema.waitFor()).isEqualTo(1);
    assertThat(Files.readString(err)).startsWith("Standard output").hasLineCount(1);
  }

  /** Runs a command whose output goes where nothing can be written. */
  private String lost(String... args) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    StringWriter err = new StringWriter();
    CommandLine program =
        Main.commandLine()
            .setOut(new PrintWriter(full, false, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err));
    assertThat(Main.run(program, args)).isEqualTo(1);
    return err.toString();
  }

  @Test
  void everyCommandTellsThatItsOutputIsLost() throws IOException {
    String model = dir.resolve("runs/codes/model.zip").toString();
    Path image = dir.resolve("image.png");
    try (OutputStream out = Files.newOutputStream(image)) {
      PngWriter.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), out);
    }
    String made = dir.resolve("made").toString();
    for (String[] command :
        new String[][] {
          {"--version"},
          {"help", "train"},
          {"schema", "--sweep"},
          {"train", shapes("epochs: 1")},
          {"evaluate", model, "--json"},
          {"predict", model, image.toString()},
          {"export", model, "--format", "dl4j", "--out", dir.resolve("a.zip").toString()},
          {"gradcheck", "relu", "--fast"},
          {"data", "make", "shapes", made},
          {"data", "inspect", made}
        }) {
      assertThat(lost(command)).contains("Standard output could not be written to its end");
    }
    assertThat(Path.of(model)).exists(); // what was asked for is there all the same
  }

  @Test
  void aPipeGetsLinesAloneAndNeitherLanguageNorTemporaryFolderMatters() throws Exception {
    Path out = dir.resolve("out");
    List<String> command =
        new ArrayList<>(Cli.program(Main.class, "train", shapes("epochs: 2")).command());
    command.addAll(
        1, List.of("-Duser.language=ar", "-Duser.country=EG", "-Djava.io.tmpdir=" + dir + "/none"));
    Process training =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(training.waitFor()).as(() -> Cli.read(out)).isZero();
    assertThat(Cli.read(out)).doesNotContain("\r", "left").doesNotContainPattern("[^\\x00-\\x7f]");
    for (String name : List.of("report.html", "metrics.jsonl", "summary.json", "job.yaml")) {
      assertThat(Cli.read(dir.resolve("runs/codes").resolve(name)))
          .as(name)
          .doesNotContainPattern("[\\p{Nd}&&[^0-9]]");
    }
  }

  /** As batch systems and containers start programs. */
  @Test
  void aLocaleWithoutTheCharactersOfAName() throws Exception {
    String encoding = System.getProperty("sun.jnu.encoding");
    assumeTrue(encoding.equals("UTF-8"), "needs to make such a file itself");
    Path image = Files.createDirectories(dir.resolve("images/t\u00e4g")).resolve("\u00fc.png");
    Files.write(image, new byte[9]);
    ProcessBuilder inspect = Cli.program(Main.class, "data", "inspect", dir + "/images");
    inspect.environment().put("LC_ALL", "C");
    Path err = dir.resolve("err");
    assertThat(inspect.redirectError(err.toFile()).start().waitFor()).isEqualTo(2);
    assertThat(Files.readString(err))
        .startsWith("No file can be named ")
        .contains("LC_ALL=C.UTF-8");
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void aTrainingThatIsInterrupted(String signal, int code) throws Exception {
    Path out = dir.resolve("out");
    Process training =
        Cli.program(Main.class, "train", shapes("epochs: 100000"))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      while (training.isAlive() && !Files.readString(out).contains("epoch 1/")) {
        Thread.sleep(20);
      }
      assumeTrue(
          signal.equals("TERM") || !ignores(training.pid(), signal),
          signal + " is ignored by what runs the tests, and so by its children");
      new ProcessBuilder("kill", "-" + signal, Long.toString(training.pid())).start().waitFor();
      assertThat(training.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(training.exitValue()).isEqualTo(code);
      assertThat(Files.readString(out)).contains("Stopped in epoch");
    } finally {
      training.destroyForcibly();
    }
  }

  /** A shell's background job has SIGINT ignored, nohup's SIGHUP, and a JVM keeps that. */
  private static boolean ignores(long pid, String signal) throws IOException {
    int bit = signal.equals("HUP") ? 1 : 2;
    Path status = Path.of("/proc", Long.toString(pid), "status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.split("\\s+")[1], 16) & bit) != 0);
  }
}
