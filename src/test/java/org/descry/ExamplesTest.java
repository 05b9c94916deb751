package org.descry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.cli.Cli;
import org.descry.job.CaptionerSettings;
import org.descry.job.ImageDataSettings;
import org.descry.job.JobFile;
import org.descry.layer.ExplicitLayer;
import org.descry.testing.Discs;
import org.descry.testing.EngineSession;
import org.descry.testing.LayerContract;
import org.descry.testing.RandomArrays;
import org.descry.testing.StockJvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every program of {@code examples/} compiles and does what it says. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("examples");
  private static final String MODELS = "models/";

  @TempDir Path dir;

  private Class<?> compiled(String name) throws ReflectiveOperationException, IOException {
    return compiled(EXAMPLES.resolve(name + ".java"), name);
  }

  private Class<?> compiled(Path file, String name)
      throws ReflectiveOperationException, IOException {
    String source = Files.readString(file);
    StockJvm.compile(name, source, System.getProperty("java.class.path"), dir);
    URL[] classes = {dir.toUri().toURL()};
    // Not closed: a program may go on, as the service does.
    ClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader());
    Thread.currentThread().setContextClassLoader(loader); // where DL4J looks for layers in JSON
    return Class.forName(name, true, loader);
  }

  /** What a program prints. */
  private String run(String name, String... arguments) throws Exception {
    Method main = compiled(name).getMethod("main", String[].class);
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      main.invoke(null, (Object) arguments);
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void thePageNamesEach() throws IOException {
    String page = Files.readString(Path.of("docs/java.md"));
    String test = Files.readString(Path.of("src/test/java/org/descry/ExamplesTest.java"));
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(page).contains("(../examples/" + file + ")"))
          .allSatisfy(file -> assertThat(test).contains('"' + file.replace(".java", "") + '"'));
    }
  }

  @Test
  void theServiceOnThePageCompiles() throws Exception {
    String page = Files.readString(Path.of("docs/java.md"));
    int from = page.indexOf("```java\n", page.indexOf("## Models in a service")) + 8;
    String source =
        """
        import java.awt.image.BufferedImage;
        import java.nio.file.Path;
        import java.time.Duration;
        import java.util.List;
        import org.descry.Descry;
        import org.descry.kind.InputImage;
        import org.descry.kind.classifier.ImageClassifier;
        import org.descry.kind.classifier.TrainedClassifier.Answer;
        class Shown {
          interface Upload { java.io.InputStream getInputStream(); }
          void use(Path zip, Upload upload, byte[] bytes, BufferedImage pixels) { %s }
        }
        """
            .formatted(page.substring(from, page.indexOf("```", from)));
    StockJvm.compile("Shown", source, System.getProperty("java.class.path"), dir);
  }

  @Test
  void trainsFromJava() throws Exception {
    String printed =
        run(
            "TrainFromJava",
            dir.resolve("runs").toString(),
            "training.epochs=2",
            "training.batchSize=20",
            "data.train=40",
            "data.validation=10",
            "data.test=10");
    assertThat(printed).contains("epoch 1: loss ", "epoch 2: loss ", "Test accuracy");
    assertThat(dir.resolve("runs/shapes-from-java/model.zip")).exists();
  }

  @Test
  void trainsANetworkOfItsOwn() throws Exception {
    String runs = dir.resolve("runs").toString();
    String[] printed = run("TrainOwnNetwork", runs).split("\n", -1);
    String accuracy = printed[0].replaceFirst("loss 0\\.\\d+, validationAccuracy (0\\.\\d+)", "$1");
    assertThat(Double.parseDouble(accuracy)).isGreaterThan(0.9);
    assertThat(printed[1]).contains(" steps; " + accuracy.substring(0, 4));
    assertThat(Path.of(runs, "disc", "report.html")).exists();
  }

  @Test
  void searchesOverAFunction() throws Exception {
    String printed = run("SearchFunction", dir.resolve("runs").toString(), "3");
    assertThat(printed.lines()).hasSize(4);
    assertThat(printed).contains("model.hidden", "best: ").doesNotContain("NaN");
  }

  @Test
  void classifiesInAService() throws Exception {
    Method start = compiled("ClassifyService").getDeclaredMethod("start", Path.class, int.class);
    start.setAccessible(true);
    HttpServer server =
        (HttpServer) start.invoke(null, Path.of(MODELS, "shapes-classifier.zip"), 0);
    try {
      URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/classify");
      HttpClient client = HttpClient.newHttpClient();
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      HttpRequest image =
          request.POST(HttpRequest.BodyPublishers.ofFile(Discs.write(dir, 32))).build();
      assertThat(client.send(image, BodyHandlers.ofString()).body()).startsWith("circle 0.");
      HttpRequest text = request.POST(HttpRequest.BodyPublishers.ofString("none")).build();
      assertThat(client.send(text, BodyHandlers.ofString()).statusCode()).isEqualTo(400);
    } finally {
      server.stop(0);
      ((ExecutorService) server.getExecutor()).shutdown();
    }
  }

  @Test
  void trainsAGraphOfItsOwn() throws Exception {
    String printed = run("OwnNetwork");
    assertThat(Integer.parseInt(printed.split(" ", 2)[0])).isGreaterThan(90);
  }

  @Test
  void searchesOverLayers() throws Exception {
    // Arbiter copies its candidates by serialisation.
    String printed = EngineSession.deserialising(() -> run("SearchLayers"));
    assertThat(printed).contains("candidate 5: ", "best: ").doesNotContain("NaN");
    double best =
        printed
            .lines()
            .filter(line -> line.startsWith("candidate"))
            .mapToDouble(line -> Double.parseDouble(line.split(": ", 2)[1]))
            .max()
            .orElseThrow();
    assertThat(best).isGreaterThan(0.9);
  }

  /** Each way to change images has a row, and each row is a job; one of each table is run. */
  @ParameterizedTest
  @ValueSource(strings = {"images", "captions"})
  void theTableOfRecipesIsOfRunsThatExist(String table) throws Exception {
    Class<?> recipes = compiled(Path.of("docs/Recipes.java"), "Recipes");
    Method jobs = recipes.getDeclaredMethod("jobs", String.class, List.class);
    jobs.setAccessible(true);
    List<String> small =
        List.of(
            "output.dir=" + dir,
            "training.epochs=1",
            "data.train=20",
            "data.validation=10",
            "data.test=10");
    Map<?, ?> all = (Map<?, ?>) jobs.invoke(null, table, small);
    assertThat(all.values()).allSatisfy(job -> assertThat(((JobFile) job).job()).isNotNull());
    if (table.equals("images")) {
      for (RecordComponent way : ImageDataSettings.Augmentation.class.getRecordComponents()) {
        assertThat(all.keySet()).asString().contains("data.augment." + way.getName() + "=");
      }
      assertThat(all.keySet()).asString().contains("training.classWeights=");
    } else {
      for (RecordComponent key : CaptionerSettings.class.getRecordComponents()) {
        if (!key.getName().matches("hidden|attentionWidth")) { // sizes
          assertThat(all.keySet()).asString().contains("model." + key.getName() + "=");
        }
      }
    }
    Field figures = recipes.getDeclaredField("OF_" + table.toUpperCase(Locale.ROOT));
    figures.setAccessible(true);
    Method row = recipes.getDeclaredMethod("row", JobFile.class, List.class);
    row.setAccessible(true);
    String cells = (String) row.invoke(null, all.get(List.of()), figures.get(null));
    assertThat(cells.split("\\|")).hasSizeBetween(3, 4).doesNotContain(" NaN ");
  }

  @AfterEach
  void backToOwnClasses() {
    Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
  }

  @Test
  void checksAndTrainsALayerOfItsOwn() throws Exception {
    List<String> printed =
        run("OwnLayer").lines().filter(line -> !line.startsWith("Added")).toList();
    assertThat(printed).hasSize(3).startsWith("Gradients agree.", "JSON and back: the same.");
    assertThat(Integer.parseInt(printed.get(2).split(" ", 2)[0])).isGreaterThan(190);
  }

  @Test
  void theCommandLineChecksALayerOfItsOwn() throws Exception {
    compiled("OwnLayer");
    Cli.Outcome checked =
        Cli.here("gradcheck", "--class=OwnLayer$Swish", "--class-path=" + dir, "--input=5");
    assertThat(checked.out()).as(checked.err()).contains("beta", "All gradients agree.");
    assertThat(checked.code()).isZero();
  }

  /** The published contract, on a layer that is none of Descry's. */
  @TestFactory
  Stream<DynamicTest> aLayerOfItsOwnPassesTheContract() throws Exception {
    compiled("OwnLayer");
    Class<? extends ExplicitLayer> type =
        Class.forName("OwnLayer$Swish", true, Thread.currentThread().getContextClassLoader())
            .asSubclass(ExplicitLayer.class);
    INDArray x = new RandomArrays(1).normal(4, 5);
    return new LayerContract(
            () -> Assertions.assertDoesNotThrow(() -> type.getConstructor().newInstance()),
            InputType.feedForward(5),
            x)
        .checks();
  }

  @Test
  void thePageOnLayersHasTheExample() throws IOException {
    String page = Files.readString(Path.of("docs/own-layers.md"));
    String begin = "<!-- from examples/OwnLayer.java -->\n```java\n";
    int from = page.indexOf(begin) + begin.length();
    String shown =
        page.substring(from, page.indexOf("```", from)).indent(2).replaceAll("(?m)^ +$", "");
    assertThat(Files.readString(EXAMPLES.resolve("OwnLayer.java"))).contains(shown);
  }

  @Test
  void captionsImages() throws Exception {
    String printed =
        run("CaptionImages", MODELS + "shapes-captioner.zip", Discs.write(dir, 48).toString());
    assertThat(printed.lines()).hasSize(3).allMatch(line -> line.contains("red"));
  }

  @Test
  void continuesAText() throws Exception {
    String printed = run("SampleText", MODELS + "word-rnn.zip", "我们");
    assertThat(printed.lines()).hasSize(4);
    assertThat(printed).startsWith("likeliest: 我们 今天");
  }

  @Test
  void exportsAModel() throws Exception {
    Path file = dir.resolve("shapes.zip");
    String printed = run("ExportModel", MODELS + "shapes-classifier.zip", file.toString());
    assertThat(printed).contains("shapes.zip", "shapes.md", "largest difference: ");
    assertThat(file).exists();
  }
}
