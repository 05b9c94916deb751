package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.descry.data.builtin.ShapeScenes;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.DataConverter;
import org.descry.data.convert.SceneFolder;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What leads on where a user goes wrong, or does not know how to begin. */
class HintsTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "trian job.yaml",
        "train",
        "train job.yaml --foce",
        "train job.yaml --resume --force",
        "data",
        "data inspect",
        "predict model.zip a.png --top 0",
        "compare one",
        "export model.zip --format pmml"
      })
  void aWrongCommandLineIsToldInThreeLines(String line) throws IOException {
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");
    Cli.Outcome wrong = Cli.here(args);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
    List<String> lines = wrong.err().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).startsWith("Usage: descry");
    assertThat(lines.get(2)).endsWith("--help says more.");
  }

  @Test
  void aWrongWordIsFollowedByTheRightOne() {
    assertThat(Cli.here("train", "job.yaml", "--foce").err()).contains("did you mean --force");
    assertThat(Cli.here("trian").err()).contains("did you mean", "train");
  }

  @Test
  void aWrongCommandLineIsAnObjectInALog() throws IOException {
    Cli.Outcome wrong = Cli.here("--log=json", "train");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(Json.MAPPER.readTree(wrong.err()).path("exitCode").asInt()).isEqualTo(2);
  }

  @Test
  void everyCommandHasAnExampleThatCanBeParsed() {
    List<String> examples = new ArrayList<>();
    collect(Main.commandLine(), examples);
    assertThat(examples).hasSizeGreaterThan(15);
    for (String example : examples) {
      assertThat(Main.commandLine().parseArgs(example.split(" ")).errors()).as(example).isEmpty();
    }
  }

  private static void collect(CommandLine program, List<String> examples) {
    for (Map.Entry<String, CommandLine> entry : program.getSubcommands().entrySet()) {
      CommandLine command = entry.getValue();
      if (entry.getKey().equals("help")) {
        continue;
      }
      collect(command, examples);
      if (!entry.getKey().equals("data")) { // which is nothing by itself
        String help = command.getUsageMessage();
        assertThat(help).as(entry.getKey()).contains("Example: descry ", "Exit codes: 0 done");
        examples.add(
            help.lines()
                .filter(line -> line.startsWith("Example: descry "))
                .map(line -> line.replace("Example: descry ", ""))
                .findFirst()
                .orElseThrow());
      }
    }
  }

  @Test
  void captionsAndTextsAreInspectedToo() throws IOException {
    Path scenes = dir.resolve("scenes");
    SceneFolder.write(ShapeScenes.generate(1, 20, 10, 10).data(), scenes);
    Cli.Outcome captions = Cli.here("data", "inspect", scenes.toString());
    assertThat(captions.code()).as(captions.err()).isZero();
    assertThat(captions.out())
        .contains("captions of images", "200 of 40 images", "missing       no image");
    try (var images = Files.list(scenes.resolve("images/test"))) {
      Files.delete(images.sorted().findFirst().orElseThrow());
    }
    assertThat(Cli.here("data", "inspect", scenes.toString()).out())
        .contains("missing       1 images below ");
    Path text = Files.writeString(dir.resolve("text.txt"), "one two\ntwo one one\n");
    assertThat(Cli.here("data", "inspect", text.toString()).out())
        .contains("a text", "words         5, 2 different", "lines         2");
    Path names = Files.writeString(dir.resolve("names.tsv"), "a\tx\nb\ty\na\tz\n");
    assertThat(Cli.here("data", "inspect", names.toString()).out())
        .contains("labelled sequences", "a             2", "all           3");
  }

  @Test
  void imagesOfBothPartsAreNamed() throws IOException {
    ImageSplits shapes = Shapes.generate(3, 20, 10, 10);
    Path cifar = dir.resolve("cifar");
    CifarWriter.write(shapes, cifar);
    assertThat(Cli.here("data", "inspect", cifar.toString()).out()).doesNotContain("duplicates");
    Path folder = dir.resolve("folder");
    DataConverter.convert(cifar, folder, CifarLabels.FINE);
    Path one;
    try (var files = Files.list(folder.resolve("train/circle"))) {
      one = files.sorted().findFirst().orElseThrow();
    }
    Files.copy(one, folder.resolve("test/circle/copied.png"));
    assertThat(Cli.here("data", "inspect", folder.toString()).out())
        .contains(
            "1 images of the test part are in the training part too: circle/copied.png is circle/"
                + one.getFileName());
  }

  private Path imageFolder() throws IOException {
    Path cifar = dir.resolve("cifar");
    CifarWriter.write(Shapes.generate(3, 20, 10, 10), cifar);
    Path folder = dir.resolve("folder");
    DataConverter.convert(cifar, folder, CifarLabels.FINE);
    return folder;
  }

  @Test
  void aFolderIsAllItsImagesAndEachAnswerCanBeWritten() throws IOException {
    Path folder = imageFolder();
    Cli.Outcome predicted =
        Cli.here("predict", "models/shapes-classifier.zip", folder.resolve("test").toString());
    assertThat(predicted.code()).as(predicted.err()).isZero();
    assertThat(predicted.out().lines().filter(line -> line.endsWith(".png"))).hasSize(10);
    Path csv = dir.resolve("answers.csv");
    Cli.Outcome scored =
        Cli.here(
            "evaluate",
            "models/shapes-classifier.zip",
            "--data",
            folder.toString(),
            "--predictions",
            csv.toString());
    assertThat(scored.code()).as(scored.err()).isZero();
    List<String> rows = Files.readAllLines(csv);
    assertThat(rows).hasSize(11).startsWith("image,class,answer,probability");
    assertThat(rows.get(1)).matches("[a-z]+/[^,]+\\.png,[a-z]+,[a-z]+,0\\.\\d+(E-\\d+)?|.*,1\\.0");
    Path empty = Files.createDirectory(dir.resolve("empty"));
    Cli.Outcome none = Cli.here("predict", "models/shapes-classifier.zip", empty.toString());
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains(empty + " holds no image; expected at least one.");
  }

  @Test
  void aPackIsDraftedForAndAskedAboutInItsOwnWay() throws IOException {
    Path folder = imageFolder();
    Path pack = dir.resolve("pack");
    assertThat(Cli.here("data", "pack", folder.toString(), pack.toString()).code()).isZero();
    Cli.Outcome asked = Cli.here("predict", "models/shapes-classifier.zip", pack.toString());
    assertThat(asked.code()).isEqualTo(2);
    assertThat(asked.err())
        .contains(
            pack
                + " is a pack; expected images or a folder, or for a pack --input "
                + pack
                + " --output DIR.");
    Path drafted = dir.resolve("of-pack.yaml");
    Cli.Outcome init = Cli.here("init", pack.toString(), "--to", drafted.toString());
    assertThat(init.code()).as(init.err()).isZero();
    Path other = dir.resolve("of-folder.yaml");
    assertThat(Cli.here("init", folder.toString(), "--to", other.toString()).code()).isZero();
    assertThat(counted(drafted)).hasSize(1).isEqualTo(counted(other));
  }

  private static List<String> counted(Path job) throws IOException {
    return Files.readAllLines(job).stream().filter(line -> line.contains(" images of ")).toList();
  }

  @Test
  void cifarThatIsNotThereMayBeFetched() throws IOException {
    Cli.Outcome missing =
        Cli.here(
            "train",
            "resources/jobs/cifar10-convnet.yaml",
            "--set=data.path=" + dir,
            "--set=output.dir=" + dir);
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("A training fetches them with --set data.download=true.");
  }
}
