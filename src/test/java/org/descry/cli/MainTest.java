package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  @TempDir Path dir;

  private record Outcome(int code, String out, String err) {}

  private static Outcome run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine program =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Outcome(Main.run(program, args), out.toString(), err.toString());
  }

  private String smallJob() throws IOException {
    return Files.writeString(
            dir.resolve("job.yaml"),
            """
            name: small
            model: {type: three-layer-convnet, filters: 4, filterSize: 3, hidden: 16}
            data: {source: shapes, train: 40, validation: 10, test: 10}
            training: {epochs: 1, batchSize: 20}
            output: {dir: %s}
            """
                .formatted(dir.resolve("runs")))
        .toString();
  }

  @Test
  void wrongCommandLinesExitWithTwo() {
    assertThat(run().code()).isEqualTo(2);
    assertThat(run("frobnicate").code()).isEqualTo(2);
    assertThat(run("train").code()).isEqualTo(2);
    assertThat(run("train", "job.yaml", "--frob").code()).isEqualTo(2);
    assertThat(run("train", "job.yaml", "--set", "training.epochs").code()).isEqualTo(2);
    assertThat(run("sweep", "sweep.yaml", "--workers", "0").code()).isEqualTo(2);
    assertThat(run("sweep", "sweep.yaml", "--workers", "1000000").err())
        .contains("--workers': 1000000; expected 1 to 256");
    assertThat(run("sweep", "sweep.yaml", "--resume", "--force").code()).isEqualTo(2);
    assertThat(run("predict", "model.zip").code()).isEqualTo(2);
    assertThat(run("predict", "model.zip", "a.png", "--top", "0").code()).isEqualTo(2);
  }

  @Test
  void helpAndVersionExitWithZero() {
    assertThat(run("--help").out()).contains("train", "evaluate", "predict", "doctor", "data");
    assertThat(run("train", "--help").code()).isZero();
    assertThat(run("--version").out()).startsWith("descry ");
  }

  @Test
  void theMistakesOfAJobAreLinesOnStandardError() throws IOException {
    Outcome outcome =
        run("train", smallJob(), "--set", "training.epochs=0", "--set", "training.spochs=1");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines())
        .containsExactly(
            "--set training.epochs=0: training.epochs is 0, but expected at least 1.",
            "--set training.spochs=1: unknown key training.spochs; did you mean epochs?");
    assertThat(run("train", dir.resolve("none.yaml").toString()).code()).isEqualTo(2);
  }

  @Test
  void aModelIsTrainedEvaluatedAndUsed() throws IOException {
    Outcome trained = run("train", smallJob());
    assertThat(trained.err()).isEmpty();
    assertThat(trained.code()).isZero();
    assertThat(trained.out())
        .contains("Training ", "epoch 1/1  loss ", "Test accuracy ")
        .doesNotContain("\r");
    assertThat(run("train", smallJob()).err()).contains("--force to replace it.");
    assertThat(run("train", smallJob(), "--force").code()).isZero();

    String model = dir.resolve("runs/small/model.zip").toString();
    JsonNode scores = new ObjectMapper().readTree(run("evaluate", model, "--json").out());
    assertThat(scores.get("examples").asInt()).isEqualTo(10);
    assertThat(scores.get("confusion")).hasSize(10);
    assertThat(run("evaluate", model, "--data", "x", "--images", "x").err())
        .contains("--images is for captioners, but " + model + " is a classifier");
    assertThat(run("evaluate", model).out()).contains("10 images: accuracy ", "circle");

    Path image = dir.resolve("image.png");
    javax.imageio.ImageIO.write(
        new java.awt.image.BufferedImage(50, 40, java.awt.image.BufferedImage.TYPE_INT_RGB),
        "png",
        image.toFile());
    String json = run("predict", model, image.toString(), "--top", "2", "--json").out();
    JsonNode answers = new ObjectMapper().readTree(json).get(0);
    assertThat(answers.get("image").asText()).isEqualTo(image.toString());
    assertThat(answers.get("predictions")).hasSize(2);
    assertThat(answers.at("/predictions/0/probability").asDouble()).isBetween(0.1, 1.0);

    Outcome noImage = run("predict", model, smallJob());
    assertThat(noImage.code()).isEqualTo(3);
    assertThat(noImage.err()).contains("job.yaml").doesNotContain("\tat ");
  }

  @Test
  void aCaptionerIsTrainedEvaluatedAndUsed() throws IOException {
    String job =
        Files.writeString(
                dir.resolve("captions.yaml"),
                """
                name: captions
                model: {type: captioning-rnn, stages: [{filters: 2}], embedding: 4, hidden: 8}
                data: {source: shape-captions, train: 10, validation: 10, test: 10}
                training: {epochs: 1, batchSize: 20}
                output: {dir: %s}
                """
                    .formatted(dir.resolve("runs")))
            .toString();
    Outcome trained = run("train", job);
    assertThat(trained.err()).isEmpty();
    assertThat(trained.out()).contains(" on 50 captions: ", "Test true captions ", "BLEU-4 ");

    String model = dir.resolve("runs/captions/model.zip").toString();
    JsonNode scores = new ObjectMapper().readTree(run("evaluate", model, "--json").out());
    assertThat(scores.get("bleu4").isNumber()).isTrue();
    assertThat(run("evaluate", model).out()).contains("10 images: ", "greedy", "blind");
    Outcome nothing = run("evaluate", model, "--data", dir.toString());
    assertThat(nothing.code()).isEqualTo(3);
    assertThat(nothing.err()).contains(dir + " holds no caption file; expected one");
    assertThat(run("evaluate", model, "--images", dir.toString()).code()).isEqualTo(2);

    Path image = dir.resolve("image.png");
    javax.imageio.ImageIO.write(
        new java.awt.image.BufferedImage(50, 40, java.awt.image.BufferedImage.TYPE_INT_RGB),
        "png",
        image.toFile());
    assertThat(run("caption", model, image.toString()).out()).startsWith(image + ": ");
    String json =
        run("caption", model, image.toString(), "--sample", "--top-k", "3", "--json").out();
    JsonNode caption = new ObjectMapper().readTree(json).get(0);
    assertThat(caption.get("image").asText()).isEqualTo(image.toString());
    assertThat(caption.get("caption").isTextual()).isTrue();
    assertThat(run("caption", model, image.toString(), "--beam", "0").code()).isEqualTo(2);
    assertThat(run("predict", model, image.toString()).err())
        .contains("is a captioner; expected a classifier.");
  }

  @Test
  void failuresAreASentenceAndDebugShowsTheStack() {
    StringWriter err = new StringWriter();
    PrintWriter printer = new PrintWriter(err);
    assertThat(Failures.report(new DescryException("Sentence."), printer, false)).isEqualTo(1);
    Failures.report(new IllegalStateException("surprise"), printer, false);
    Failures.report(new RuntimeException(new OutOfMemoryError("Java heap space")), printer, false);
    assertThat(err.toString().lines())
        .containsExactly(
            "Sentence.",
            "Unexpected failure, which is a bug in Descry: java.lang.IllegalStateException:"
                + " surprise; --debug shows where.",
            "Out of memory (Java heap space): expected a smaller training.batchSize or model, or"
                + " more memory: -Xmx for Java's heap, -Dorg.bytedeco.javacpp.maxphysicalbytes"
                + " for the whole program.");
    Failures.report(new DescryException("Sentence."), printer, true);
    assertThat(err.toString()).contains("\tat org.descry.cli.MainTest");
  }

  @Test
  void namesThatNoFileCanHaveAreSaid() throws IOException {
    Outcome outcome = run("train", smallJob(), "--set", "output.dir=\"a\\0b\"");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("output.dir", "holds the character U+0000");
    StringWriter err = new StringWriter();
    InvalidPathException failure = new InvalidPathException("caf\u00e9", "Malformed input");
    assertThat(Failures.report(failure, new PrintWriter(err), false)).isEqualTo(2);
    assertThat(err.toString()).contains("No file can be named caf\u00e9 (malformed input)");
  }

  @Test
  void aJobIsValidatedWithoutTheEngine() throws Exception {
    URL[] withoutNd4j =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.matches(".*(nd4j|deeplearning4j|datavec|bytedeco).*"))
            .map(MainTest::url)
            .toArray(URL[]::new);
    String job = smallJob();
    try (URLClassLoader bare =
        new URLClassLoader(withoutNd4j, ClassLoader.getPlatformClassLoader())) {
      Class<?> jobFile = bare.loadClass("org.descry.job.JobFile");
      Object file = jobFile.getMethod("read", Path.class).invoke(null, Path.of(job));
      Object bound = jobFile.getMethod("job").invoke(file);
      Object resolved = jobFile.getMethod("resolved", bound.getClass()).invoke(null, bound);
      assertThat((String) resolved).contains("learningRate: 0.001");
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void theSchemaIsTheCommittedOne() throws IOException {
    assertThat(run("schema").out())
        .isEqualTo(Files.readString(Path.of("resources/schema/job.schema.json")));
    assertThat(run("schema", "--sweep").out())
        .isEqualTo(Files.readString(Path.of("resources/schema/sweep.schema.json")));
  }
}
