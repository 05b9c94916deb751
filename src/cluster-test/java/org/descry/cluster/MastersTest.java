package org.descry.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.descry.DescryException;
import org.descry.ExitCode;
import org.descry.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no cluster, or not the driver's, is told before anything begins. */
class MastersTest {
  /** Where nobody listens. */
  private static String nobody() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + free.getLocalPort();
    }
  }

  @Test
  void aMasterThatIsNotThereIsNamed() throws IOException {
    String address = nobody();
    assertThatThrownBy(
            () -> SparkSettings.connect(new SparkConf(false).setMaster("spark://" + address)))
        .isExactlyInstanceOf(DescryException.class)
        .hasMessage(
            "No master of spark://%s can be reached (%s: Connection refused); expected one that is running."
                .formatted(address, address));
  }

  @Test
  void oneOfSeveralIsEnough() throws IOException {
    try (ServerSocket master = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String masters = "spark://%s,127.0.0.1:%s".formatted(nobody(), master.getLocalPort());
      assertThatCode(() -> Masters.requireOne(masters)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark://", "spark://host", "spark://host:99999", "spark://:7077x"})
  void addressesWithoutAPortAreNamed(String master) {
    assertThatThrownBy(() -> Masters.requireOne(master))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("no HOST:PORT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn", "k8s://https://host:443", "local-cluster[2,1,1024]", "no master"})
  void othersAreSparksToReach(String master) {
    assertThatCode(() -> Masters.requireOne(master)).doesNotThrowAnyException();
  }

  @Test
  void executorsOfOtherVersionsAreRefused() {
    Setup.Versions here = Setup.Versions.here();
    assertThatCode(here::requireHere).doesNotThrowAnyException();
    Setup.Versions driver = new Setup.Versions(here.java() + 4, here.descry());
    assertThatThrownBy(driver::requireHere)
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "An executor runs Descry %s on Java %s, but the driver %s on %s; expected the same on"
                + " all machines.",
            here.descry(), here.java(), here.descry(), here.java() + 4);
    TrialTask trial = new TrialTask(driver, "", "", "", 1);
    assertThat(trial.call(0)).startsWith(TrialTask.UNFIT + "An executor runs Descry");
    AnswerTask answers = new AnswerTask(driver, "", Map.of(), "", "", "jsonl");
    assertThat(answers.call(0)).startsWith(ExitCode.USAGE + " An executor runs Descry");
  }
}
