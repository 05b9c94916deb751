package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assumptions;
import org.descry.data.builtin.ShapeScenes;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.Pngs;
import org.descry.data.convert.SceneFolder;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.engine.Engine;
import org.descry.engine.dnn.Precision;
import org.descry.io.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that answer with a model, in float32 and in bfloat16. */
class PrecisionOptionTest {
  private static final int IMAGES = 30;

  @TempDir static Path dir;

  private static ImageSplits shapes;
  private static Path images;

  @BeforeAll
  static void draw() throws IOException {
    Engine.start();
    shapes = Shapes.generate(5, 20, 10, IMAGES);
    images = Files.createDirectories(dir.resolve("images"));
    for (int i = 0; i < IMAGES; i++) {
      Pngs.write(shapes.test(), i, images.resolve(100 + i + ".png"));
    }
  }

  private static String run(String line) {
    Cli.Outcome outcome = Cli.here(line.replace("DIR", dir.toString()).split(" "));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome.out();
  }

  private static void requireBfloat16() {
    Assumptions.assumeThat(Precision.BFLOAT16.obstacle()).as("this processor lacks it").isNull();
  }

  /** Both answers to a command line. */
  private static List<String> both(String line) {
    requireBfloat16();
    return List.of(run(line), run(line + " --precision bfloat16"));
  }

  @Test
  void classesAreMostlyTheSameAndProbabilitiesNear() throws IOException {
    List<String> found = both("predict models/shapes-classifier.zip DIR/images --top 10 --json");
    assertThat(found.get(1)).isNotEqualTo(found.get(0));
    near(Json.MAPPER.readTree(found.get(0)), Json.MAPPER.readTree(found.get(1)));
  }

  private static void near(JsonNode exact, JsonNode rounded) {
    assertThat(exact).hasSize(IMAGES).hasSameSizeAs(rounded);
    int same = 0;
    for (int i = 0; i < IMAGES; i++) {
      for (JsonNode one : exact.get(i).get("predictions")) {
        assertThat(probability(rounded.get(i), one.get("label")))
            .isCloseTo(one.get("probability").asDouble(), within(0.05));
      }
      same += best(exact.get(i)).equals(best(rounded.get(i))) ? 1 : 0;
    }
    assertThat(same).isGreaterThan(IMAGES * 9 / 10);
  }

  private static JsonNode best(JsonNode answer) {
    return answer.at("/predictions/0/label");
  }

  private static double probability(JsonNode answer, JsonNode label) {
    for (JsonNode one : answer.get("predictions")) {
      if (one.get("label").equals(label)) {
        return one.get("probability").asDouble();
      }
    }
    throw new AssertionError(label);
  }

  /** Answers of a folder go on with those of their own precision alone. */
  @Test
  void aFolderIsAnsweredAlike() throws IOException {
    requireBfloat16();
    String line = "predict models/shapes-classifier.zip --top 10 --input DIR/images --output DIR/";
    run(line + "exact");
    run(line + "rounded --precision bfloat16");
    run(line + "rounded --precision bfloat16");
    near(answers("exact"), answers("rounded"));
    assertThat(answers("rounded")).isNotEqualTo(answers("exact"));
    assertThat(dir.resolve("rounded/answers.json")).content().contains("bfloat16");
    assertThat(dir.resolve("exact/answers.json")).content().doesNotContain("precision");
    String[] other = (line + "exact --precision bfloat16").replace("DIR", dir + "").split(" ");
    assertThat(Cli.here(other).err()).contains("holds answers of another model");
  }

  private static JsonNode answers(String folder) throws IOException {
    List<String> lines = Files.readAllLines(dir.resolve(folder).resolve("part-00000.jsonl"));
    return Json.MAPPER.readTree(lines.toString());
  }

  @Test
  void scoresAreNear() throws IOException {
    Path cifar = dir.resolve("cifar");
    CifarWriter.write(shapes, cifar);
    List<String> found = both("evaluate models/shapes-classifier.zip --data DIR/cifar --json");
    JsonNode exact = Json.MAPPER.readTree(found.get(0));
    JsonNode rounded = Json.MAPPER.readTree(found.get(1));
    assertThat(rounded.get("loss").asDouble())
        .isNotEqualTo(exact.get("loss").asDouble())
        .isCloseTo(exact.get("loss").asDouble(), within(0.05));
    assertThat(rounded.get("accuracy").asDouble())
        .isCloseTo(exact.get("accuracy").asDouble(), within(0.05));
  }

  @Test
  void captionsAreMostlyTheSame() throws IOException {
    SceneFolder.write(ShapeScenes.generate(7, 1, 1, 20).data(), dir.resolve("scenes"));
    List<String> found = both("caption models/shapes-captioner.zip DIR/scenes/images/test --json");
    JsonNode exact = Json.MAPPER.readTree(found.get(0));
    JsonNode rounded = Json.MAPPER.readTree(found.get(1));
    int same = 0;
    for (int i = 0; i < exact.size(); i++) {
      same += exact.get(i).equals(rounded.get(i)) ? 1 : 0;
    }
    assertThat(same).isGreaterThanOrEqualTo(18);
  }

  @Test
  void textsThatAreSureAreTheSame() {
    List<String> found = both("sample models/word-rnn.zip --prompt 我们 --length 4 --greedy");
    assertThat(found.get(1)).isEqualTo(found.get(0));
  }

  @Test
  void everyCommandThatHasItRefusesAlike() {
    List<String> having = new ArrayList<>();
    Main.commandLine()
        .getSubcommands()
        .forEach(
            (name, command) -> {
              if (command.getCommandSpec().findOption("--precision") != null) {
                having.add(name);
                Cli.Outcome outcome = Cli.here(name, "none.zip", "--precision", "half");
                assertThat(outcome.code()).isEqualTo(2);
                assertThat(outcome.err())
                    .contains("'--precision'", "expected one of [float32, bfloat16], got half");
              }
            });
    assertThat(having).contains("predict", "caption", "sample", "evaluate", "serve", "gradcheck");
  }
}
