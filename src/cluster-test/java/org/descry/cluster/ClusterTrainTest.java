package org.descry.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.descry.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings on executors in JVMs of their own, on this machine. */
class ClusterTrainTest extends ClusterPrograms {
  private static final String MASTER = "local-cluster[2,1,1500]";

  private String[] onCluster(Path job, String... more) {
    return onCluster(2, job, more);
  }

  private String[] onCluster(int executors, Path job, String... more) {
    List<String> args = new ArrayList<>(List.of("train", job.toString()));
    args.addAll(List.of("--cluster", MASTER.replaceFirst("2", "" + executors)));
    args.addAll(List.of("--executors", "" + executors));
    args.addAll(Arrays.asList(more));
    return args.toArray(String[]::new);
  }

  /** Three do not divide the batches, which are of 20, and 10 in the end. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void executorsLeaveTheRunFolderOfOneMachineWithAsManyShards(int executors) throws Exception {
    Process cluster = start("cluster", onCluster(executors, job("cluster", 3)));
    String said = end(cluster, "cluster", 0);
    assertThat(said)
        .contains("epoch 3/3  loss ", "Test accuracy ", "of it sums over " + executors + " ");
    String[] alone = {"train", job("alone", 3).toString(), "--split", "" + executors};
    end(start("alone", alone), "alone", 0);
    assertSameResults("cluster", "alone", executors);
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
    assertThat(end(start("resumed", onCluster(job, "--resume")), "resumed", 0))
        .contains("Goes on with " + dir.resolve("cut/small") + " after ");
    assertSameResults("cut", "alone");
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
    end(start("here", "sweep", sweep("here", 4, "").toString()), "here", 0);
    String[] there = {"sweep", sweep("there", 4, "").toString(), "--cluster", MASTER};
    end(start("there", there), "there", 0);
    assertThat(results("there")).hasSize(4).isEqualTo(results("here"));
  }

  /** The driver is killed on the way; another one goes on. */
  @ParameterizedTest
  @ValueSource(strings = {"asha", "median"})
  void candidatesAreEndedEarlyAsOnOneMachine(String pruning) throws Exception {
    String more =
        "pruning: %s\nrungs: {first: 1}\nobjective: {metric: validationLoss, goal: minimize}\n"
            .formatted(pruning);
    end(start("here", "sweep", sweep("here", 16, more).toString()), "here", 0);
    String file = sweep("there", 16, more).toString();
    Process killed = start("killed", "sweep", file, "--cluster", MASTER);
    Path journal = dir.resolve("there/small/journal.jsonl");
    while (killed.isAlive() && (!Files.exists(journal) || Files.readAllLines(journal).size() < 5)) {
      killed.waitFor(20, TimeUnit.MILLISECONDS);
    }
    List<ProcessHandle> executors = killed.descendants().toList();
    killed.destroyForcibly().waitFor();
    executors.forEach(ProcessHandle::destroyForcibly);
    assertThat(killed.exitValue()).isNotZero();
    end(start("there", "sweep", file, "--cluster", MASTER, "--resume"), "there", 0);
    assertThat(results("there"))
        .hasSize(16)
        .anyMatch(row -> row.toString().contains("pruned"))
        .isEqualTo(results("here"));
  }

  @ParameterizedTest
  @CsvSource({"predict, shapes-classifier", "caption, shapes-captioner"})
  void imagesGetTheAnswersOfOneMachine(String command, String model) throws Exception {
    pack(90, 10_000);
    end(start("here", answer(command, model, "here")), "here", 0);
    Process there = start("there", answer(command, model, "there", "--cluster", MASTER));
    assertThat(end(there, "there", 0)).contains("90 images answered, 0 bad");
    assertThat(answers("there")).hasSizeGreaterThan(2).isEqualTo(answers("here"));
  }

  @Test
  void parquetHoldsTheAnswersOfTheLines() throws Exception {
    pack(90, 10_000);
    end(start("here", predict("here")), "here", 0);
    String[] asParquet = predict("there", "--cluster", MASTER, "--format", "parquet");
    assertThat(end(start("there", asParquet), "there", 0)).contains("90 images answered, 0 bad");
    assertThat(answers("there")).isEmpty();
    for (Map.Entry<String, String> part : answers("here").entrySet()) {
      List<Object> expected = new ArrayList<>();
      for (String line : part.getValue().lines().toList()) {
        expected.add(asFloats(Json.MAPPER.readValue(line, Map.class)));
      }
      Path file = dir.resolve("there").resolve(part.getKey().replace("jsonl", "parquet"));
      List<Object> rows = new ArrayList<>();
      ParquetRows.of(file).forEach(row -> rows.add(asFloats(row)));
      assertThat(rows).isNotEmpty().isEqualTo(expected);
    }
  }

  /** JSON has the digits that tell floats apart, Parquet the same floats as doubles. */
  private static Object asFloats(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> result = new LinkedHashMap<>();
      map.forEach((key, inner) -> result.put(key, asFloats(inner)));
      return result;
    } else if (value instanceof List<?> list) {
      return list.stream().map(ClusterTrainTest::asFloats).toList();
    }
    return value instanceof Double number ? (Object) number.floatValue() : value;
  }

  /** Where Spark encrypts what it sends, the sums are encrypted, too. */
  @ParameterizedTest
  @ValueSource(strings = {"gradients=bfloat16", "averageEvery=3", "gradients=float32"})
  void otherExchangesLeaveTheBitsOfOneMachineToo(String setting) throws Exception {
    sparkSettings.addAll(
        List.of(
            "spark.authenticate=true",
            "spark.authenticate.secret=of this test",
            "spark.network.crypto.enabled=true",
            "spark.descry.gather=" + setting.equals("gradients=float32")));
    String[] settings = {"--set", "training.weightAverage=0", "--set", "training." + setting};
    end(start("cluster", onCluster(job("cluster", 3), settings)), "cluster", 0);
    List<String> alone =
        new ArrayList<>(List.of("train", job("alone", 3).toString(), "--split", "2"));
    alone.addAll(List.of(settings));
    end(start("alone", alone.toArray(String[]::new)), "alone", 0);
    assertSameResults("cluster", "alone");
  }

  /** Hadoop's file system of this machine is asked as HDFS and S3 are. */
  @Test
  void dataComeFromWhereHadoopFindsThem() throws Exception {
    pack(90, 10_000);
    for (String runs : List.of("cluster", "alone")) {
      String path = runs.equals("alone") ? "images/train" : "file://" + dir + "/images/train";
      Path job = job(runs, 1);
      Files.writeString(
          job,
          Files.readString(job)
              .replaceFirst("source: shapes.*", "source: image-folder, path: \"" + path + "\"}"));
    }
    end(start("cluster", onCluster(dir.resolve("cluster.yaml"))), "cluster", 0);
    String[] alone = {"train", dir.resolve("alone.yaml").toString(), "--split", "2"};
    end(start("alone", alone), "alone", 0);
    assertSameResults("cluster", "alone");
    assertThat(dir.resolve("cluster/small/job.yaml")).content().contains("file://" + dir);
  }
}
