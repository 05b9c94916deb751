package org.descry.kind.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.descry.UsageException;
import org.descry.cli.Cli;
import org.descry.cli.Main;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.DataConverter;
import org.descry.data.image.ImageLoader;
import org.descry.data.image.ImagePack;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.engine.Engine;
import org.descry.io.Json;
import org.descry.kind.Cluster;
import org.descry.kind.ImageAnswers;
import org.descry.kind.classifier.TrainedClassifier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A line for each image, whatever happens on the way. */
class BulkAnswersTest {
  private static final Path MODEL = Path.of("models/shapes-classifier.zip");
  private static final int IMAGES = 230;

  @TempDir private static Path dir;

  private static Path images;
  private static TrainedClassifier model;

  @BeforeAll
  static void makeImages() throws IOException {
    Engine.start();
    CifarWriter.write(Shapes.generate(3, 200, 20, 10), dir.resolve("cifar"));
    images = dir.resolve("images");
    DataConverter.convert(dir.resolve("cifar"), images, CifarLabels.FINE);
    Files.writeString(images.resolve("train/bad.png"), "no image");
    model = TrainedClassifier.load(MODEL);
  }

  private static BulkAnswers bulk(ImageAnswers answers, Path input, Path output) {
    return new BulkAnswers(MODEL, answers, input, output, AnswerFormat.JSON_LINES, 2, 60);
  }

  /** All files of answers, one after another. */
  private static List<String> lines(Path output, String kind) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(output)) {
      for (Path file : files.sorted().toList()) {
        if (file.getFileName().toString().matches("part-[0-9]{5}" + kind + ".jsonl")) {
          lines.addAll(Files.readAllLines(file));
        }
      }
    }
    return lines;
  }

  @Test
  void everyImageGetsTheAnswerThatItGetsAlone() throws IOException {
    Path output = dir.resolve("all");
    BulkAnswers.Summary summary = bulk(model.answers(Map.of("top", 2)), images, output).run();
    assertThat(summary.images()).isEqualTo(IMAGES);
    assertThat(summary.bad()).isEqualTo(1);
    List<String> lines = lines(output, "");
    assertThat(lines).hasSize(IMAGES);
    for (int i = 0; i < IMAGES; i += 37) {
      JsonNode line = Json.MAPPER.readTree(lines.get(i));
      Path image = images.resolve(line.get("image").asText());
      TrainedClassifier.Answer alone = model.classify(List.of(image), 1).get(0).get(0);
      JsonNode best = line.at("/predictions/0");
      assertThat(line.get("predictions")).hasSize(2);
      assertThat(best.get("label").asText()).isEqualTo(alone.label());
      assertThat(best.get("probability").floatValue()).isCloseTo(alone.value(), within(1e-5f));
    }
    assertThat(lines.stream().map(BulkAnswersTest::image)).doesNotHaveDuplicates().isSorted();
    assertThat(lines(output, "\\.bad"))
        .singleElement()
        .satisfies(
            bad ->
                assertThat(bad)
                    .startsWith("{\"image\":\"train/bad.png\",\"reason\":\"Image ")
                    .contains("bad.png"));
    JsonNode told = Json.MAPPER.readTree(output.resolve(AnswerFolder.SUMMARY).toFile());
    assertThat(told.get("images").asInt()).isEqualTo(IMAGES);
  }

  private static String image(String line) {
    return line.substring("{\"image\":\"".length(), line.indexOf("\",\"pred"));
  }

  @Test
  void aPackGetsTheSameLines() throws IOException {
    Path pack = dir.resolve("pack");
    ImagePack.write(images, pack, 30_000, new ArrayList<>());
    bulk(model.answers(Map.of("top", 3)), pack, dir.resolve("of-pack")).run();
    bulk(model.answers(Map.of("top", 3)), images, dir.resolve("of-folder")).run();
    List<String> packed = lines(dir.resolve("of-pack"), "");
    List<String> plain = lines(dir.resolve("of-folder"), "");
    assertThat(packed.stream().map(BulkAnswersTest::image))
        .containsExactlyElementsOf(plain.stream().map(BulkAnswersTest::image).toList());
    assertThat(lines(dir.resolve("of-pack"), "\\.bad")).hasSize(1);
  }

  /** Counts what it is asked, and stops or fails when it has been asked so often. */
  private static final class Counting implements ImageAnswers {
    private final ImageAnswers answers = model.answers(Map.of("top", 3));
    private final AtomicInteger asked = new AtomicInteger();
    private final int most;
    private final Runnable then;

    Counting(int most, Runnable then) {
      this.most = most;
      this.then = then;
    }

    @Override
    public ImageLoader loader() {
      return answers.loader();
    }

    @Override
    public Map<String, Object> settings() {
      return answers.settings();
    }

    @Override
    public List<Map<String, Object>> of(List<byte[]> pixels) {
      if (asked.incrementAndGet() == most) {
        then.run();
      }
      return answers.of(pixels);
    }
  }

  @Test
  void aRunThatIsStoppedOrFailsGoesOnWithoutALineTwiceOrMissing() throws IOException {
    bulk(model.answers(Map.of("top", 3)), images, dir.resolve("undisturbed")).run();
    Path output = dir.resolve("disturbed");
    BulkAnswers[] run = new BulkAnswers[1];
    run[0] = bulk(new Counting(2, () -> run[0].stop()), images, output);
    assertThatThrownBy(() -> run[0].run()).isInstanceOf(CancellationException.class);
    Counting failing =
        new Counting(
            1,
            () -> {
              throw new IllegalStateException("as asked");
            });
    assertThatThrownBy(() -> bulk(failing, images, output).run()).hasMessage("as asked");
    // What a process leaves that is killed while it writes.
    Files.writeString(output.resolve(".part-00003.jsonl.tmp"), "{\"image\":");
    Files.deleteIfExists(output.resolve("part-00003.jsonl"));
    Counting rest = new Counting(0, () -> {});
    bulk(rest, images, output).run();
    assertThat(lines(output, "")).isEqualTo(lines(dir.resolve("undisturbed"), ""));
    assertThat(lines(output, "\\.bad")).hasSize(1);
    assertThat(rest.asked.get()).isLessThan(4); // what was done is not done again
    Counting nothing = new Counting(0, () -> {});
    assertThat(bulk(nothing, images, output).run().images()).isEqualTo(IMAGES);
    assertThat(nothing.asked.get()).isZero();
  }

  @Test
  void answersOfSomethingElseAreNotMixedIn() throws IOException {
    Path output = dir.resolve("mixed");
    bulk(model.answers(Map.of("top", 1)), images.resolve("test"), output).run();
    assertThatThrownBy(
            () -> bulk(model.answers(Map.of("top", 2)), images.resolve("test"), output).run())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("holds answers of another model, about other images");
    assertThatThrownBy(() -> bulk(model.answers(Map.of("top", 1)), images, output).run())
        .isInstanceOf(UsageException.class);
    assertThatThrownBy(
            () -> bulk(model.answers(Map.of("top", 1)), images, images.resolve("test")).run())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("holds something else than answers");
  }

  @Test
  void theCommandSaysHowManyAndRefusesWhatIsUnclear() {
    String model = MODEL.toString();
    String output = dir.resolve("told").toString();
    Cli.Outcome told =
        Cli.here("predict", model, "--input", images.toString(), "--output", output, "--top", "1");
    assertThat(told.out())
        .startsWith(IMAGES + " images answered, 1 bad records left out: " + output);
    for (List<String> unclear :
        List.of(
            List.of("predict", model),
            List.of("predict", model, "a.png", "--input", "x", "--output", "y"),
            List.of("predict", model, "--input", "x"),
            List.of("caption", model, "a.png", "--cluster", "spark://host:7077"),
            List.of("caption", model, "a.png", "--format", "parquet"),
            List.of("predict", model, "--input", "x", "--output", "y", "--format", "csv"))) {
      Cli.Outcome refused = Cli.here(unclear.toArray(String[]::new));
      assertThat(refused.code()).isEqualTo(2);
    }
    Cli.Outcome alone =
        Cli.here("predict", model, "--input", "x", "--output", "y", "--cluster", "spark://h:1");
    boolean spark = ServiceLoader.load(Cluster.class).findFirst().isPresent();
    assertThat(alone.err())
        .contains(
            spark
                ? "No master of spark://h:1 can be reached"
                : "--cluster needs a build with Apache Spark");
  }

  /** Names of images, a line each. */
  private record Names(String name) implements AnswerFormat {
    @Override
    public Rows to(OutputStream out) {
      return new Rows() {
        @Override
        public void add(Map<String, Object> answer) throws IOException {
          assertThat(answer.keySet()).containsExactly("image", "predictions");
          out.write((answer.get("image") + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
          out.write("end\n".getBytes(StandardCharsets.UTF_8));
        }
      };
    }
  }

  @Test
  void anotherFormatHasFilesOfItsOwnAndIsNotMixed() throws IOException {
    Path output = dir.resolve("names");
    Path input = images.resolve("test");
    ImageAnswers answers = model.answers(Map.of("top", 1));
    new BulkAnswers(MODEL, answers, input, output, new Names("names"), 2, 60).run();
    List<String> names = Files.readAllLines(output.resolve("part-00000.names"));
    assertThat(names).endsWith("end").hasSizeGreaterThan(1);
    assertThat(lines(output, "")).isEmpty();
    assertThatThrownBy(() -> bulk(answers, input, output).run())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("with other settings");
    assertThatThrownBy(() -> AnswerFormat.named("csv"))
        .isInstanceOf(UsageException.class)
        .hasMessage("--format is csv; expected jsonl, or with descry-cluster.jar also parquet.");
  }

  /** A real process, killed at random moments. */
  @Test
  @Tag("slow")
  void aProcessThatIsKilledGoesOn() throws Exception {
    Path pack = dir.resolve("killed-pack");
    ImagePack.write(images, pack, 5_000, new ArrayList<>());
    Path output = dir.resolve("killed");
    String[] command = {
      "predict", MODEL.toString(), "--input", pack.toString(), "--output", output.toString()
    };
    for (int i = 0; i < 5; i++) {
      Process process = Cli.program(Main.class, command).redirectErrorStream(true).start();
      process.waitFor(900 + 200 * i, TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
    }
    assertThat(Cli.program(Main.class, command).inheritIO().start().waitFor()).isZero();
    assertThat(lines(output, "").stream().map(BulkAnswersTest::image))
        .hasSize(IMAGES)
        .doesNotHaveDuplicates();
  }
}
