package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
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

  private String smallJob() throws IOException {
    return Cli.smallJob(dir, 1);
  }

  /** Where other threads take what a failed command has given back. */
  @Test
  void aReportThatThereIsNoMemoryForIsASentence() {
    Writer full =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) {
            throw new OutOfMemoryError("Java heap space");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(said, true, StandardCharsets.US_ASCII));
    try {
      CommandLine program = Main.commandLine().setErr(new PrintWriter(full));
      assertThat(Main.run(program, "train", "nowhere.yaml")).isEqualTo(5);
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString(StandardCharsets.US_ASCII))
        .startsWith("Out of memory: expected a smaller training.batchSize or model")
        .hasLineCount(1);
  }

  @Test
  void wrongCommandLinesExitWithTwo() {
    assertThat(Cli.here().code()).isEqualTo(2);
    assertThat(Cli.here("frobnicate").code()).isEqualTo(2);
    assertThat(Cli.here("train").code()).isEqualTo(2);
    assertThat(Cli.here("train", "job.yaml", "--frob").code()).isEqualTo(2);
    assertThat(Cli.here("train", "job.yaml", "--set", "training.epochs").code()).isEqualTo(2);
    assertThat(Cli.here("train", "job.yaml", "--split", "0").err())
        .contains("'--split': 0; expected at least 1");
    assertThat(Cli.here("train", "job.yaml", "--cluster", "yarn", "--executors", "-1").err())
        .contains("'--executors': -1; expected at least 1");
    assertThat(Cli.here("sweep", "sweep.yaml", "--workers", "0").code()).isEqualTo(2);
    assertThat(Cli.here("sweep", "sweep.yaml", "--workers", "1000000").err())
        .contains("--workers': 1000000; expected 1 to 256, or auto");
    assertThat(Cli.here("sweep", "sweep.yaml", "--resume", "--force").code()).isEqualTo(2);
    assertThat(Cli.here("predict", "model.zip").code()).isEqualTo(2);
    assertThat(Cli.here("predict", "model.zip", "a.png", "--top", "0").code()).isEqualTo(2);
    Cli.Outcome notDrawn = Cli.here("caption", "model.zip", "a.png", "--top-k", "3");
    assertThat(notDrawn.code()).isEqualTo(2);
    assertThat(notDrawn.err()).contains("--temperature, --top-k and --seed are for --sample");
    Cli.Outcome wide = Cli.here("caption", "model.zip", "a.png", "--beam", "101");
    assertThat(wide.err()).contains("'--beam': 101; expected 1 to 100");
    Cli.Outcome greedy =
        Cli.here("sample", "model.zip", "--prompt", "x", "--greedy", "--temperature", "2");
    assertThat(greedy.code()).isEqualTo(2);
    assertThat(greedy.err())
        .contains("--temperature and --seed are for draws; expected them without --greedy");
    Cli.Outcome endless =
        Cli.here("caption", "model.zip", "a.png", "--sample", "--temperature", "Infinity");
    assertThat(endless.code()).isEqualTo(2);
    assertThat(endless.err())
        .contains("'--temperature': Infinity; expected a finite number above 0");
  }

  @Test
  void builtInNamesAreNoJobs() {
    Cli.Outcome outcome = Cli.here("train", "builtin:word-rnn");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("builtin: names texts for data.path, and no jobs");
  }

  /** A prompt, or the name of an image, may begin so and is no file of further arguments. */
  @Test
  void argumentsAreNotReadFromFiles() throws IOException {
    Path file = Files.writeString(dir.resolve("args"), "--version");
    assertThat(Cli.here("train", "@" + file).err()).startsWith("@" + file + ": no such file");
  }

  @Test
  void helpAndVersionExitWithZero() {
    assertThat(Cli.here("--help").out()).contains("train", "evaluate", "predict", "doctor", "data");
    assertThat(Cli.here("train", "--help").code()).isZero();
    assertThat(Cli.here("--version").out()).startsWith("descry ");
  }

  @Test
  void theMistakesOfAJobAreLinesOnStandardError() throws IOException {
    Cli.Outcome outcome =
        Cli.here("train", smallJob(), "--set", "training.epochs=0", "--set", "training.spochs=1");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines())
        .containsExactly(
            "--set training.epochs=0: training.epochs is 0, but expected at least 1.",
            "--set training.spochs=1: unknown key training.spochs; did you mean epochs?");
    assertThat(Cli.here("train", dir.resolve("none.yaml").toString()).code()).isEqualTo(2);
  }

  @Test
  void aModelIsTrainedEvaluatedAndUsed() throws IOException {
    Cli.Outcome trained = Cli.here("train", smallJob());
    assertThat(trained.code()).isZero();
    assertThat(trained.err()).contains("Training ", "epoch 1/1  loss ").doesNotContain("\r");
    assertThat(trained.out().lines()).singleElement().asString().startsWith("Test accuracy ");
    assertThat(Cli.here("train", smallJob()).err()).contains("--force to replace it.");
    assertThat(Cli.here("train", smallJob(), "--force").code()).isZero();

    String model = dir.resolve("runs/small/model.zip").toString();
    JsonNode scores = new ObjectMapper().readTree(Cli.here("evaluate", model, "--json").out());
    assertThat(scores.get("examples").asInt()).isEqualTo(10);
    assertThat(scores.get("confusion")).hasSize(10);
    assertThat(Cli.here("evaluate", model, "--data", "x", "--images", "x").err())
        .contains("--images is for captioners, but " + model + " is a classifier");
    assertThat(Cli.here("evaluate", model).out()).contains("10 images: accuracy ", "circle");

    Path image = dir.resolve("image.png");
    javax.imageio.ImageIO.write(
        new java.awt.image.BufferedImage(50, 40, java.awt.image.BufferedImage.TYPE_INT_RGB),
        "png",
        image.toFile());
    String json = Cli.here("predict", model, image.toString(), "--top", "2", "--json").out();
    JsonNode answers = new ObjectMapper().readTree(json).get(0);
    assertThat(answers.get("image").asText()).isEqualTo(image.toString());
    assertThat(answers.get("predictions")).hasSize(2);
    assertThat(answers.at("/predictions/0/probability").asDouble()).isBetween(0.1, 1.0);

    Cli.Outcome noImage = Cli.here("predict", model, smallJob());
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
    Cli.Outcome trained = Cli.here("train", job);
    assertThat(trained.err()).contains(" on 50 captions: ");
    assertThat(trained.out()).startsWith("Test true captions ").contains("BLEU-4 ");

    String model = dir.resolve("runs/captions/model.zip").toString();
    JsonNode scores = new ObjectMapper().readTree(Cli.here("evaluate", model, "--json").out());
    assertThat(scores.get("bleu4").isNumber()).isTrue();
    assertThat(Cli.here("evaluate", model).out()).contains("10 images: ", "greedy", "blind");
    Cli.Outcome nothing = Cli.here("evaluate", model, "--data", dir.toString());
    assertThat(nothing.code()).isEqualTo(3);
    assertThat(nothing.err()).contains(dir + " holds no caption file; expected one");
    assertThat(Cli.here("evaluate", model, "--images", dir.toString()).code()).isEqualTo(2);

    Path image = dir.resolve("image.png");
    javax.imageio.ImageIO.write(
        new java.awt.image.BufferedImage(50, 40, java.awt.image.BufferedImage.TYPE_INT_RGB),
        "png",
        image.toFile());
    assertThat(Cli.here("caption", model, image.toString()).out()).startsWith(image + ": ");
    String json =
        Cli.here("caption", model, image.toString(), "--sample", "--top-k", "3", "--json").out();
    JsonNode caption = new ObjectMapper().readTree(json).get(0);
    assertThat(caption.get("image").asText()).isEqualTo(image.toString());
    assertThat(caption.get("caption").isTextual()).isTrue();
    assertThat(Cli.here("caption", model, image.toString(), "--beam", "0").code()).isEqualTo(2);
    assertThat(Cli.here("predict", model, image.toString()).err())
        .contains("is a captioner; expected a classifier or a sequence-classifier.");
    assertThat(Cli.here("evaluate", model, "--tta").err())
        .contains("--tta is given for " + model + "; expected a classifier with it.");
    Cli.Outcome unnamed =
        Cli.here("evaluate", model, "--predictions", dir.resolve("answers.csv").toString());
    assertThat(unnamed.code()).isEqualTo(2);
    assertThat(unnamed.err())
        .contains("--predictions is given for " + model, "expected a classifier of images with it");
  }

  @Test
  void failuresAreASentenceAndDebugShowsTheStack() {
    StringWriter err = new StringWriter();
    PrintWriter printer = new PrintWriter(err);
    assertThat(Failures.report(new DescryException("Sentence."), printer, false, false))
        .isEqualTo(1);
    Failures.report(new IllegalStateException("surprise"), printer, false, false);
    Failures.report(
        new RuntimeException(new OutOfMemoryError("Java heap space")), printer, false, false);
    assertThat(err.toString().lines())
        .containsExactly(
            "Sentence.",
            "Unexpected failure, which is a bug in Descry: java.lang.IllegalStateException:"
                + " surprise; --debug shows where.",
            "Out of memory (Java heap space): expected a smaller training.batchSize or model, or"
                + " more memory: -Xmx for Java's heap, -Dorg.bytedeco.javacpp.maxphysicalbytes"
                + " for the whole program.");
    Failures.report(new DescryException("Sentence."), printer, true, false);
    assertThat(err.toString()).contains("\tat org.descry.cli.MainTest");
  }

  @Test
  void namesThatNoFileCanHaveAreSaid() throws IOException {
    Cli.Outcome outcome = Cli.here("train", smallJob(), "--set", "output.dir=\"a\\0b\"");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("output.dir", "holds the character U+0000");
    StringWriter err = new StringWriter();
    InvalidPathException failure = new InvalidPathException("caf\u00e9", "Malformed input");
    assertThat(Failures.report(failure, new PrintWriter(err), false, false)).isEqualTo(2);
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
    assertThat(Cli.here("schema").out())
        .isEqualTo(Files.readString(Path.of("resources/schema/job.schema.json")));
    assertThat(Cli.here("schema", "--sweep").out())
        .isEqualTo(Files.readString(Path.of("resources/schema/sweep.schema.json")));
  }
}
