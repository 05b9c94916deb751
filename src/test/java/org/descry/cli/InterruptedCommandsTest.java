package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.descry.data.builtin.Shapes;
import org.descry.data.image.cifar.CifarWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that write and are told to end in the middle of it leave nothing half made. */
class InterruptedCommandsTest {
  private static final Path MODEL = Path.of("models/shapes-classifier.zip").toAbsolutePath();

  @TempDir Path dir;

  /** Each way in which a command writes. */
  enum Writing {
    EXPORT_DL4J,
    EXPORT_STOCK,
    EXPORT_SAMEDIFF,
    REPRODUCE,
    MAKE,
    CONVERT;

    String[] args(Path dir, Path made) throws IOException {
      return switch (this) {
        case EXPORT_DL4J -> export("dl4j", made);
        case EXPORT_STOCK -> export("dl4j-stock", made);
        case EXPORT_SAMEDIFF -> export("samediff", made);
        case REPRODUCE -> new String[] {"reproduce", MODEL.toString()};
        case MAKE -> new String[] {"data", "make", "shapes", made + "/shapes"};
        case CONVERT -> {
          CifarWriter.write(Shapes.generate(1, 3000, 1, 1), dir.resolve("cifar"));
          yield new String[] {"data", "convert", dir + "/cifar", made + "/pngs"};
        }
      };
    }

    private static String[] export(String format, Path made) {
      String file = made + "/model.zip";
      return new String[] {"export", MODEL.toString(), "--format", format, "--out", file};
    }
  }

  /** A command that is new has to be put into one of the two lists. */
  @Test
  void everyCommandThatWritesIsHere() {
    List<String> print =
        List.of(
            "caption",
            "completion",
            "doctor",
            "evaluate",
            "gradcheck",
            "help",
            "predict",
            "sample",
            "schema",
            "summary");
    List<String> endInOrder =
        List.of("compare", "init", "runs", "serve", "sweep", "train"); // see their own tests
    List<String> here = List.of("data", "export", "reproduce");
    assertThat(Main.commandLine().getSubcommands().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(print, endInOrder, here).flatMap(List::stream).toList());
  }

  @ParameterizedTest
  @EnumSource
  void nothingHalfMadeIsLeft(Writing writing) throws Exception {
    Path made = Files.createDirectory(dir.resolve("made"));
    Path out = dir.resolve("out");
    List<String> command =
        new ArrayList<>(Cli.program(Main.class, writing.args(dir, made)).command());
    command.add(1, "-Djava.io.tmpdir=" + made);
    ProcessBuilder program = Cli.program(Main.class);
    Process process =
        program.command(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      while (process.isAlive() && begun(made).isEmpty()) {
        Thread.sleep(1);
      }
      assertThat(process.isAlive()).as(() -> "it ended before: " + Cli.read(out)).isTrue();
      process.destroy(); // SIGTERM
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(() -> Cli.read(out)).isEqualTo(143);
      assertThat(begun(made)).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  /** What the command makes: JavaCPP and JNA have files of their own in the temporary folder. */
  private static Set<String> begun(Path made) throws IOException {
    try (Stream<Path> entries = Files.list(made)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.matches("jna.*|javacpp.*|hsperfdata.*"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
