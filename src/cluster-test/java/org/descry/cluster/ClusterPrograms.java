package org.descry.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.descry.archive.ModelArchive;
import org.descry.cli.Cli;
import org.descry.cli.Main;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.DataConverter;
import org.descry.data.image.ImagePack;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.engine.Engine;
import org.descry.io.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Programs that train and answer on clusters of this machine, and what they leave. */
abstract class ClusterPrograms {
  private static final long PATIENCE_SECONDS = 240;

  @TempDir Path dir;

  /** Of the driver, such as {@code spark.ui.enabled=false}. */
  final List<String> sparkSettings = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    Engine.start();
    Files.createDirectories(dir.resolve("spark/jars"));
  }

  Path job(String runs, int epochs) throws IOException {
    return Files.writeString(
        dir.resolve(runs + ".yaml"),
        """
        name: small
        seed: 5
        model: {type: convnet, stages: [{filters: 6}], hidden: [16], batchNorm: true, dropout: 0.2}
        data: {source: shapes, train: 90, validation: 20, test: 20, augment: {mirror: true, shift: 2}}
        training:
          epochs: %s
          batchSize: 20
          weightAverage: 0.9
          checkpoint: {every: 2 steps}
          optimizer: {type: adam, schedule: {type: cosine}}
        output: {dir: %s}
        """
            .formatted(epochs, dir.resolve(runs)));
  }

  /** Descry, with Spark on its class path. */
  Process start(String name, String... args) throws IOException {
    ProcessBuilder program = Cli.program(Main.class, args);
    program
        .command()
        .addAll(
            1,
            List.of(
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dspark.executor.extraClassPath=" + System.getProperty("java.class.path"),
                "-Dspark.executor.memory=1g",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.ui.enabled=false"));
    program.command().addAll(1, sparkSettings.stream().map(setting -> "-D" + setting).toList());
    return start(name, program, dir.resolve("spark"));
  }

  Process start(String name, ProcessBuilder program, Path sparkHome) throws IOException {
    program.environment().put("SPARK_HOME", sparkHome.toString());
    program.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    program.environment().put("SPARK_SCALA_VERSION", "2.13");
    return program
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve(name + ".txt").toFile())
        .directory(dir.toFile())
        .start();
  }

  String end(Process process, String name, int code) throws Exception {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    String said = Files.readString(dir.resolve(name + ".txt"));
    assertThat(process.exitValue()).as(said).isEqualTo(code);
    return said;
  }

  INDArray parameters(String runs) {
    return ModelArchive.read(dir.resolve(runs + "/small/model.zip")).network().params();
  }

  void assertSameResults(String runs, String expected) throws IOException {
    assertSameResults(runs, expected, 2);
  }

  void assertSameResults(String runs, String expected, int shards) throws IOException {
    assertThat(parameters(runs).toFloatVector()).isEqualTo(parameters(expected).toFloatVector());
    String summary = Files.readString(dir.resolve(runs + "/small/summary.json"));
    assertThat(Json.MAPPER.readTree(summary).get("batchParts").asInt()).isEqualTo(shards);
    assertThat(names(runs)).isEqualTo(names(expected));
    assertThat(losses(runs)).isEqualTo(losses(expected));
  }

  List<String> names(String runs) throws IOException {
    Path folder = dir.resolve(runs + "/small");
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(file -> folder.relativize(file).toString()).sorted().toList();
    }
  }

  List<String> losses(String runs) throws IOException {
    List<String> losses = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve(runs + "/small/metrics.jsonl"))) {
      var json = Json.MAPPER.readTree(line);
      losses.add(json.get("trainLoss") + " " + json.get("validationLoss"));
    }
    return losses;
  }

  /** Waits until the process has written a whole checkpoint of its own, or has ended. */
  void awaitCheckpoint(Process process) throws Exception {
    Path run = dir.resolve("cut/small");
    Instant start = process.info().startInstant().orElse(Instant.MAX); // it ended
    while (process.isAlive()
        && !newer(run.resolve("checkpoints"), start)
        && !newer(run.resolve(".new/checkpoints"), start)) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean newer(Path folder, Instant start) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*.checkpoint")) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isAfter(start)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // not there yet, or moved meanwhile
    }
    return false;
  }

  /** All candidates but for their times, best first. */
  List<List<String>> results(String where) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    List<Integer> times = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve(where + "/small/results.csv"))) {
      List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
      if (rows.isEmpty()) {
        times.addAll(List.of(cells.indexOf("seconds.0"), cells.indexOf("seconds")));
      }
      times.forEach(time -> cells.remove((int) time));
      rows.add(cells);
    }
    return rows.subList(1, rows.size());
  }

  /** By the names of the files. */
  Map<String, String> answers(String folder) throws IOException {
    Map<String, String> answers = new TreeMap<>();
    try (Stream<Path> files = Files.list(dir.resolve(folder))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        answers.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return answers;
  }

  /**
   * @param more of the file
   */
  Path sweep(String where, int candidates, String more) throws IOException {
    return Files.writeString(
        dir.resolve(where + "-sweep.yaml"),
        """
        name: small
        model: {type: convnet, stages: [{filters: 4}]}
        data: {source: shapes, train: 60, validation: 20, test: 20}
        training: {epochs: 3, batchSize: 20, optimizer: {type: adam}}
        search:
          training.optimizer.learningRate: {logUniform: [0.001, 0.1]}
        budget: {candidates: %s}
        workers: 2
        threads: 1
        output: {dir: %s}
        %s
        """
            .formatted(candidates, dir.resolve(where), more));
  }

  /** In shards of so many bytes. */
  void pack(int images, int shardBytes) throws IOException {
    CifarWriter.write(Shapes.generate(3, images - 20, 10, 10), dir.resolve("cifar"));
    DataConverter.convert(dir.resolve("cifar"), dir.resolve("images"), CifarLabels.FINE);
    ImagePack.write(dir.resolve("images"), dir.resolve("pack"), shardBytes, new ArrayList<>());
  }

  /** Answers about the pack. */
  String[] predict(String output, String... more) {
    return answer("predict", "shapes-classifier", output, more);
  }

  String[] answer(String command, String model, String output, String... more) {
    String zip = Path.of("models", model + ".zip").toAbsolutePath().toString();
    List<String> words =
        new ArrayList<>(List.of(command, zip, "--input", "pack", "--output", output));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }
}
