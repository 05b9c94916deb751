package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/**
 * A command that cannot write what it is to write says so before it works: nothing that it reads
 * here exists, so that one that began with its work would speak of that.
 */
class OutputsFirstTest {
  /** Arguments that are files or folders to write, and a command line with each. OUT is it. */
  private static final Map<String, String> WRITTEN =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("train JOB.yaml", "train JOB --set output.dir=OUT"),
              Map.entry("train --tensorboard", "train JOB --tensorboard OUT"),
              Map.entry("train --find-lr", "train JOB --find-lr --set output.dir=OUT"),
              Map.entry("sweep SWEEP.yaml", "sweep SWEEP --set output.dir=OUT"),
              Map.entry("sweep report --to", "sweep report none --to OUT/page.html"),
              Map.entry("init --to", "init none --to OUT/job.yaml"),
              Map.entry("compare --to", "compare none none --to OUT/page.html"),
              Map.entry("evaluate --predictions", "evaluate none.zip --predictions OUT/a.csv"),
              Map.entry("predict --output", "predict none.zip --input none --output OUT"),
              Map.entry("caption --output", "caption none.zip --input none --output OUT"),
              Map.entry("export --out", "export none.zip --format dl4j --test --out OUT/a.zip"),
              Map.entry("data convert DST", "data convert none OUT"),
              Map.entry("data pack OUT", "data pack none OUT"),
              Map.entry("data make DIR", "data make scenes OUT"),
              Map.entry("data inspect --contact-sheet", "data inspect none --contact-sheet OUT/a"),
              Map.entry("data inspect --augmented", "data inspect none --augmented OUT/a.html")));

  /** Those that name what is read. */
  private static final Set<String> READ =
      Set.of(
          "--class-path",
          "--data",
          "--images",
          "--input",
          "--model",
          "--api-key-file",
          "--tls-cert",
          "--tls-key",
          "DATA",
          "IMAGE",
          "MODEL.zip",
          "MODEL.zip|DIR",
          "MODEL.zip|JOB.yaml",
          "PATH",
          "RUN",
          "SRC");

  @TempDir Path dir;

  static Collection<String> lines() {
    return WRITTEN.values();
  }

  @ParameterizedTest
  @MethodSource("lines")
  void whatCannotBeWrittenIsSaidBeforeAnyWork(String line) throws IOException {
    Path out = Files.writeString(dir.resolve("file"), "in the way").resolve("out");
    Path job =
        Files.writeString(
            dir.resolve("job.yaml"),
            """
            name: job
            model: {type: three-layer-convnet, filters: 4, filterSize: 3, hidden: 8}
            data: {source: image-folder, path: none}
            training: {epochs: 1}
            output: {dir: %s}
            """
                .formatted(dir.resolve("runs")));
    Path sweep =
        Files.writeString(
            dir.resolve("sweep.yaml"),
            """
            name: sweep
            model: {type: three-layer-convnet, filters: 4, filterSize: 3, hidden: 8}
            data: {source: image-folder, path: none}
            training: {epochs: 1}
            search: {training.batchSize: {choice: [1, 2]}}
            budget: {candidates: 2}
            """);
    String[] args =
        Stream.of(line.split(" "))
            .map(
                word ->
                    word.replace("OUT", out.toString())
                        .replace("JOB", job.toString())
                        .replace("SWEEP", sweep.toString()))
            .toArray(String[]::new);
    Cli.Outcome outcome = Cli.here(args);
    assertThat(outcome.code()).as(outcome.err()).isIn(2, 4);
    assertThat(outcome.err()).contains(out.toString()).doesNotContain("none");
    assertThat(dir.resolve("file")).hasContent("in the way");
    assertThat(dir.resolve("runs")).doesNotExist();
  }

  /** Not the file beside it that is written first. */
  @ParameterizedTest
  @MethodSource("lines")
  void theFileThatIsAskedForIsNamed(String line) {
    String missing = dir.resolve("missing").toString();
    String[] args = line.replace("OUT", missing).split(" ");
    assertThat(Cli.here(args).err()).doesNotContain(".tmp");
    if (line.startsWith("evaluate")) {
      Cli.Outcome outcome = Cli.here(args);
      assertThat(outcome.code()).isEqualTo(4);
      assertThat(outcome.err())
          .startsWith(
              "%1$s/a.csv cannot be written (%1$s does not exist); expected ".formatted(missing));
    }
  }

  @Test
  void everyFileOrFolderThatACommandNamesIsReadOrAmongThese() {
    Set<String> others = new TreeSet<>();
    named("", Main.commandLine(), others);
    assertThat(others).isNotEmpty();
    assertThat(WRITTEN.keySet()).containsAll(others);
  }

  private static void named(String name, CommandLine command, Set<String> others) {
    Stream.concat(
            command.getCommandSpec().options().stream(),
            command.getCommandSpec().positionalParameters().stream())
        .filter(arg -> arg.typeInfo().getType() == Path.class || isList(arg))
        .map(arg -> arg.isOption() ? longest(arg) : arg.paramLabel())
        .filter(arg -> !READ.contains(arg) && !readHere(name, arg))
        .map(arg -> (name + " " + arg).strip())
        .forEach(others::add);
    command
        .getSubcommands()
        .forEach((sub, each) -> named((name + " " + sub).strip(), each, others));
  }

  private static boolean isList(ArgSpec arg) {
    return List.of(arg.typeInfo().getAuxiliaryTypes()).contains(Path.class);
  }

  private static String longest(ArgSpec option) {
    return ((CommandLine.Model.OptionSpec) option).longestName();
  }

  /** A label that is written elsewhere. */
  private static boolean readHere(String name, String arg) {
    return arg.equals("DIR")
        && Set.of("runs", "sweep report", "sweep top", "data pack").contains(name);
  }
}
