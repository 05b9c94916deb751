package org.descry.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A master and workers as processes of their own, and the cluster's jar by spark-submit: Spark's
 * side has no class path but Spark's own jars, those of {@code SPARK_HOME} or of the tests' class
 * path.
 */
class StandaloneClusterTest extends ClusterPrograms {
  private static final Path JAR = Path.of("target/descry-cluster.jar").toAbsolutePath();

  /** What the jar holds. */
  private static final Path LIBRARIES = JAR.resolveSibling("lib");

  /** Of that, what Spark has too; the jar's own are renamed. */
  private static final Pattern SHARED =
      Pattern.compile(
          "(commons-|error_prone|gson|guava|jackson-(annotations|core|databind)"
              + "|jakarta\\.(annotation|inject|servlet)|protobuf-java|slf4j-api).*");

  /** The tests' own. */
  private static final Pattern TESTS =
      Pattern.compile("(nd4j|deeplearning4j|junit|jqwik|assertj|archunit).*");

  private final List<Process> cluster = new ArrayList<>();
  private Path home;
  private String url;

  @BeforeEach
  void startCluster() throws Exception {
    assumeTrue(
        Files.exists(JAR),
        () -> JAR + " is missing, which mvn -Pcluster -DskipTests package makes");
    home = home();
    int port;
    try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    url = "spark://127.0.0.1:" + port;
    String[] master = {"--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0"};
    cluster.add(spark("master", "deploy.master.Master", master));
    worker();
    worker();
  }

  private Path home() throws IOException {
    String own = System.getenv("SPARK_HOME");
    if (own != null
        && new File(own, "jars").list((d, name) -> name.startsWith("spark-core")) != null) {
      return Path.of(own);
    }
    Path made = dir.resolve("spark");
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      if (isSparks(jar.getFileName().toString())) {
        Files.createSymbolicLink(made.resolve("jars").resolve(jar.getFileName()), jar);
      }
    }
    return made;
  }

  private static boolean isSparks(String name) {
    return name.endsWith(".jar")
        && !TESTS.matcher(name).matches()
        && (!Files.exists(LIBRARIES.resolve(name)) || SHARED.matcher(name).matches());
  }

  /** Of one core. */
  private void worker() throws Exception {
    String[] worker = {
      "--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "1500M", url
    };
    cluster.add(spark("worker" + cluster.size(), "deploy.worker.Worker", worker));
  }

  @AfterEach
  void endCluster() {
    for (Process process : cluster) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process spark(String name, String main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1500m"));
    command.add("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
    command.addAll(List.of("-cp", home.resolve("jars") + "/*", "org.apache.spark." + main));
    command.addAll(List.of(args));
    ProcessBuilder program = new ProcessBuilder(command);
    program.environment().put("DESCRY_THREADS", "1");
    return start(name, program, home);
  }

  private Process submit(String name, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of("--master", url));
    command.addAll(List.of("--conf", "spark.executor.memory=1g"));
    command.addAll(List.of("--conf", "spark.driver.host=127.0.0.1"));
    command.addAll(List.of("--conf", "spark.ui.enabled=false"));
    sparkSettings.forEach(setting -> command.addAll(List.of("--conf", setting)));
    command.addAll(List.of("--class", "org.descry.cluster.Main", JAR.toString()));
    command.addAll(List.of(args));
    return spark(name, "deploy.SparkSubmit", command.toArray(String[]::new));
  }

  private void alone(int epochs) throws Exception {
    String[] command = {"train", job("alone", epochs).toString(), "--split", "2"};
    end(start("alone", command), "alone", 0);
  }

  @Test
  void aSubmittedTrainingLeavesTheBitsOfOneMachine() throws Exception {
    String[] train = {"train", job("cluster", 3).toString(), "--executors", "2"};
    String said = end(submit("cluster", train), "cluster", 0);
    assertThat(said).contains("epoch 3/3  loss ", "of it sums over 2 executors ");
    alone(3);
    assertSameResults("cluster", "alone");
  }

  @Test
  @Tag("slow")
  void aLostWorkerAndALostDriverCostNothing() throws Exception {
    int epochs = 20;
    alone(epochs);
    worker(); // one more than there are ranks
    String[] train = {"train", job("cut", epochs).toString(), "--executors", "2"};
    Process driver = submit("driver", train);
    awaitCheckpoint(driver);
    Process busy =
        cluster.stream()
            .skip(1)
            .filter(w -> w.descendants().findAny().isPresent())
            .findFirst()
            .orElseThrow();
    List<ProcessHandle> executors = busy.descendants().toList();
    busy.destroyForcibly().waitFor();
    executors.forEach(ProcessHandle::destroyForcibly);
    assertThat(end(driver, "driver", 0)).contains("Executors were lost (");
    assertSameResults("cut", "alone");

    Process killed = submit("killed", "train", train[1], "--executors", "2", "--force");
    awaitCheckpoint(killed);
    killed.destroyForcibly().waitFor();
    String[] resume = {"train", train[1], "--executors", "2", "--resume"};
    end(submit("resumed", resume), "resumed", 0);
    assertSameResults("cut", "alone");
  }

  @Test
  @Tag("slow")
  void aSweepHasTheRankingOfOneMachine() throws Exception {
    end(start("here", "sweep", sweep("here", 16, "").toString()), "here", 0);
    end(submit("there", "sweep", sweep("there", 16, "").toString()), "there", 0);
    assertThat(results("there")).hasSize(16).isEqualTo(results("here"));
  }

  /** Spark itself would wait. */
  @Test
  @Tag("slow")
  void whatTheClusterCannotGiveIsSaid() throws Exception {
    sparkSettings.add("spark.descry.startTimeout=6s");
    String[] train = {"train", job("many", 1).toString(), "--executors", "3"};
    assertThat(end(submit("many", train), "many", 1))
        .contains("The cluster has had fewer than 3 cores for 6 s; expected one for each part")
        .doesNotContain("\tat ");
    assertThat(dir.resolve("many/small")).doesNotExist();
    pack(40, 10_000);
    sparkSettings.add("spark.executor.memory=64g");
    assertThat(end(submit("large", predict("large")), "large", 1))
        .contains("spark://127.0.0.1:", " has started no executor in 6 s; expected a free worker")
        .doesNotContain("\tat ");
    assertThat(dir.resolve("large")).doesNotExist();
  }

  @Test
  @Tag("slow")
  void aDriverThatTheClusterDoesNotKnowIsTold() throws Exception {
    sparkSettings.addAll(
        List.of("spark.authenticate=true", "spark.authenticate.secret=of nobody else"));
    String[] train = {"train", job("stranger", 1).toString(), "--executors", "2"};
    assertThat(end(submit("stranger", train), "stranger", 1))
        .contains("Spark does not start on " + url, "and its secret")
        .doesNotContain("\tat ");
    assertThat(dir.resolve("stranger/small")).doesNotExist();
  }

  /** The driver is killed again and again, until one comes to the end. */
  @Test
  @Tag("slow")
  void answersThatAreKilledGoOnWithoutALineTwiceOrMissing() throws Exception {
    pack(3000, 20_000);
    end(start("here", predict("here")), "here", 0);
    for (int kill = 1; kill <= 2; kill++) {
      Process killed = submit("killed", predict("there"));
      int before = kill == 1 ? 0 : answers("there").size();
      while (killed.isAlive()
          && (!Files.exists(dir.resolve("there")) || answers("there").size() <= before)) {
        killed.waitFor(20, java.util.concurrent.TimeUnit.MILLISECONDS);
      }
      killed.destroyForcibly().waitFor();
      assertThat(dir.resolve("there/summary.json")).doesNotExist();
    }
    assertThat(end(submit("there", predict("there")), "there", 0))
        .contains("3000 images answered, 0 bad");
    assertThat(answers("there")).isEqualTo(answers("here"));
  }
}
