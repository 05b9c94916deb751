package org.descry.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.descry.archive.ModelArchive;
import org.descry.cli.Cli;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.DataConverter;
import org.descry.data.image.ImagePack;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.engine.Engine;
import org.descry.io.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trainings on executors in JVMs of their own, on this machine. */
class ClusterTrainTest {
  private static final String MASTER = "local-cluster[2,1,1500]";
  private static final long PATIENCE_SECONDS = 240;

  @TempDir Path dir;

  @BeforeEach
  void start() throws IOException {
    Engine.start();
    Files.createDirectories(dir.resolve("spark/jars"));
  }

  private Path job(String runs, int epochs) throws IOException {
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

  private Process start(String name, String... args) throws IOException {
    ProcessBuilder program = Cli.program(org.descry.cli.Main.class, args);
    prepare(program);
    return program
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve(name + ".txt").toFile())
        .directory(dir.toFile())
        .start();
  }

  private void prepare(ProcessBuilder program) {
    String classPath = System.getProperty("java.class.path");
    program
        .command()
        .addAll(
            1,
            List.of(
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dspark.executor.extraClassPath=" + classPath,
                "-Dspark.executor.memory=1g",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.ui.enabled=false"));
    program.environment().put("SPARK_HOME", dir.resolve("spark").toString());
    program.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
  }

  private String end(Process process, String name, int code) throws Exception {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    String said = Files.readString(dir.resolve(name + ".txt"));
    assertThat(process.exitValue()).as(said).isEqualTo(code);
    return said;
  }

  private String[] onCluster(Path job, String... more) {
    List<String> args = new ArrayList<>(List.of("train", job.toString()));
    args.addAll(List.of("--cluster", MASTER, "--executors", "2"));
    args.addAll(Arrays.asList(more));
    return args.toArray(String[]::new);
  }

  private INDArray parameters(String runs) {
    return ModelArchive.read(dir.resolve(runs + "/small/model.zip")).network().params();
  }

  private void assertSameResults(String runs, String expected) throws IOException {
    assertThat(parameters(runs).toFloatVector()).isEqualTo(parameters(expected).toFloatVector());
    String summary = Files.readString(dir.resolve(runs + "/small/summary.json"));
    assertThat(Json.MAPPER.readTree(summary).get("batchParts").asInt()).isEqualTo(2);
    assertThat(names(runs)).isEqualTo(names(expected));
    assertThat(losses(runs)).isEqualTo(losses(expected));
  }

  private List<String> names(String runs) throws IOException {
    Path folder = dir.resolve(runs + "/small");
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(file -> folder.relativize(file).toString()).sorted().toList();
    }
  }

  private List<String> losses(String runs) throws IOException {
    List<String> losses = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve(runs + "/small/metrics.jsonl"))) {
      var json = Json.MAPPER.readTree(line);
      losses.add(json.get("trainLoss") + " " + json.get("validationLoss"));
    }
    return losses;
  }

  @Test
  void twoExecutorsLeaveTheRunFolderOfOneMachineWithTwoShards() throws Exception {
    Process cluster = start("cluster", onCluster(job("cluster", 3)));
    String said = end(cluster, "cluster", 0);
    assertThat(said).contains("epoch 3/3  loss ", "Test accuracy ", "of it sums over 2 executors ");
    end(start("alone", "train", job("alone", 3).toString(), "--split", "2"), "alone", 0);
    assertSameResults("cluster", "alone");
  }

  /** An executor that is killed is started again by Spark; the driver goes on by itself. */
  @Test
  void aLostExecutorAndALostDriverCostNothing() throws Exception {
    int epochs = 12;
    end(start("alone", "train", job("alone", epochs).toString(), "--split", "2"), "alone", 0);
    Path job = job("cut", epochs);
    Process driver = start("driver", onCluster(job));
    awaitCheckpoint(driver);
    driver.descendants().findFirst().ifPresent(ProcessHandle::destroyForcibly); // an executor
    String said = end(driver, "driver", 0);
    assertThat(said).contains("Executors were lost (");
    assertSameResults("cut", "alone");

    Process killed = start("killed", onCluster(job, "--force"));
    awaitCheckpoint(killed);
    List<ProcessHandle> executors = killed.descendants().toList();
    killed.destroyForcibly().waitFor();
    executors.forEach(ProcessHandle::destroyForcibly);
    end(start("resumed", onCluster(job, "--resume")), "resumed", 0);
    assertSameResults("cut", "alone");
  }

  private void awaitCheckpoint(Process process) throws Exception {
    Path run = dir.resolve("cut/small");
    while (process.isAlive()
        && Stream.of("checkpoints", ".new/checkpoints")
            .map(run::resolve)
            .filter(Files::isDirectory)
            .noneMatch(folder -> newer(folder, process))) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean newer(Path folder, Process process) {
    try {
      return Files.getLastModifiedTime(folder)
          .toInstant()
          .isAfter(process.info().startInstant().orElseThrow());
    } catch (IOException e) {
      return false;
    }
  }

  /** Master and workers as processes of their own; one of the workers is killed. */
  @Test
  @Tag("slow")
  void aLostWorkerOfAStandaloneClusterCostsNothing() throws Exception {
    int epochs = 20;
    end(start("alone", "train", job("alone", epochs).toString(), "--split", "2"), "alone", 0);
    int port;
    try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String url = "spark://127.0.0.1:" + port;
    List<Process> cluster = new ArrayList<>();
    try {
      String deploy = "org.apache.spark.deploy.";
      String[] master = {"--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0"};
      cluster.add(spark("master", deploy + "master.Master", master));
      String[] worker = {
        "--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "1500M", url
      };
      for (int i = 0; i < 3; i++) { // one more than there are ranks
        cluster.add(spark("worker" + i, deploy + "worker.Worker", worker));
      }
      Path job = job("cut", epochs);
      List<String> command = new ArrayList<>(List.of("train", job.toString()));
      command.addAll(List.of("--cluster", url, "--executors", "2"));
      Process driver = start("driver", command.toArray(String[]::new));
      awaitCheckpoint(driver);
      Process busy =
          cluster.stream()
              .skip(1)
              .filter(w -> w.descendants().count() > 0)
              .findFirst()
              .orElseThrow();
      List<ProcessHandle> executors = busy.descendants().toList();
      busy.destroyForcibly().waitFor();
      executors.forEach(ProcessHandle::destroyForcibly);
      assertThat(end(driver, "driver", 0)).contains("Executors were lost (");
      assertSameResults("cut", "alone");
    } finally {
      for (Process process : cluster) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  private Process spark(String name, String main, String... args) throws Exception {
    ProcessBuilder program = Cli.program(Class.forName(main), args);
    prepare(program);
    program.environment().put("SPARK_SCALA_VERSION", "2.13");
    return program
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve(name + ".txt").toFile())
        .directory(dir.toFile())
        .start();
  }

  @Test
  void whatTheDataDoWrongIsToldAsOnOneMachine() throws Exception {
    Path job = job("wrong", 1);
    Files.writeString(
        job,
        Files.readString(job)
            .replaceFirst("source: shapes.*", "source: image-folder, path: NOWHERE}"));
    String said = end(start("wrong", onCluster(job)), "wrong", 3);
    assertThat(said).contains("NOWHERE").doesNotContain("\tat ");
  }

  @Test
  void candidatesGetTheScoresOfOneMachine() throws Exception {
    for (String where : List.of("here", "there")) {
      Files.writeString(
          dir.resolve(where + "-sweep.yaml"),
          """
          name: small
          model: {type: convnet, stages: [{filters: 4}]}
          data: {source: shapes, train: 60, validation: 20, test: 20}
          training: {epochs: 2, batchSize: 20, optimizer: {type: adam}}
          search:
            training.optimizer.learningRate: {logUniform: [0.001, 0.1]}
          budget: {candidates: 4}
          workers: 2
          threads: 1
          output: {dir: %s}
          """
              .formatted(dir.resolve(where)));
    }
    end(start("here", "sweep", dir.resolve("here-sweep.yaml").toString()), "here", 0);
    String[] there = {"sweep", dir.resolve("there-sweep.yaml").toString(), "--cluster", MASTER};
    end(start("there", there), "there", 0);
    assertThat(ranking("there")).hasSize(4).isEqualTo(ranking("here"));
  }

  private List<String> ranking(String name) throws IOException {
    return Files.readAllLines(dir.resolve(name + ".txt")).stream()
        .filter(line -> line.matches(" +[1-4]  .*"))
        .map(line -> line.replaceAll(" +[0-9.]+ ?s.*", ""))
        .toList();
  }

  @Test
  void imagesGetTheAnswersOfOneMachine() throws Exception {
    CifarWriter.write(Shapes.generate(3, 60, 20, 10), dir.resolve("cifar"));
    DataConverter.convert(dir.resolve("cifar"), dir.resolve("images"), CifarLabels.FINE);
    ImagePack.write(dir.resolve("images"), dir.resolve("pack"), 10_000, new ArrayList<>());
    String model = Path.of("models/shapes-classifier.zip").toAbsolutePath().toString();
    String[] command = {"predict", model, "--input", "pack", "--output", "here"};
    end(start("here", command), "here", 0);
    command[5] = "there";
    String[] onCluster = Arrays.copyOf(command, command.length + 2);
    onCluster[command.length] = "--cluster";
    onCluster[command.length + 1] = MASTER;
    assertThat(end(start("there", onCluster), "there", 0)).contains("90 images answered, 0 bad");
    assertThat(answers("there")).hasSizeGreaterThan(2).isEqualTo(answers("here"));
  }

  /** By the names of the files. */
  private Map<String, String> answers(String folder) throws IOException {
    Map<String, String> answers = new TreeMap<>();
    try (Stream<Path> files = Files.list(dir.resolve(folder))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        answers.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return answers;
  }
}
