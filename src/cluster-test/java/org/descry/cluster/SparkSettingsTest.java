package org.descry.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.descry.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cluster has to be, said before anything is started. */
class SparkSettingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "local[2]", "yarn", "spark://", "local-cluster[2]", "k8s://host"})
  void othersAreForSparkSubmit(String master) {
    assertThatThrownBy(() -> SparkSettings.of(master, "n"))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "--cluster is %s; expected spark://HOST:PORT or local-cluster[EXECUTORS,CORES,MB], or spark-submit for others."
                .formatted(master));
  }

  @Test
  void everyPartNeedsACore() {
    assertThatThrownBy(
            () -> SparkSettings.requireAllAtOnce(new SparkConf(), "local-cluster[2,1,1024]", 3))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "--cluster is local-cluster[2,1,1024], but training.split is 3; expected a core for"
                + " each part.");
  }

  @Test
  void aStandaloneClusterIsAskedForAsManyCores() {
    SparkConf conf = SparkSettings.of("spark://host:7077", "n");
    SparkSettings.requireAllAtOnce(conf, "spark://host:7077", 3);
    assertThat(conf.get("spark.master")).isEqualTo("spark://host:7077");
    assertThat(conf.get("spark.cores.max")).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.network.crypto.enabled",
        "spark.authenticate.enableSaslEncryption",
        "spark.ssl.enabled",
        "spark.ssl.rpc.enabled"
      })
  void sumsAreEncryptedWhereSparkEncrypts(String setting) {
    SparkConf conf = new SparkConf(false);
    assertThat(SparkSettings.encrypts(conf)).isFalse();
    assertThat(SparkSettings.encrypts(conf.set(setting, "true"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "25, 4.2.0, 2.13.18, Java is 25; expected 17 to 21 for",
    "16, 4.2.0, 2.13.18, Java is 16",
    "17, 3.5.9, 2.13.8, Spark 3.5.9 on Scala 2.13.8",
    "17, 4.2.0, 2.12.20, Spark 4.2.0 on Scala 2.12.20"
  })
  void otherVersionsAreRefused(int java, String spark, String scala, String named) {
    assertThatThrownBy(() -> SparkCluster.requireVersions(java, spark, scala))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(named)
        .hasMessageContaining("; expected ");
  }

  @Test
  void theseVersionsAreTaken() {
    assertThatCode(() -> SparkCluster.requireVersions(17, "4.2.0", "2.13.18"))
        .doesNotThrowAnyException();
    assertThatCode(() -> SparkCluster.requireVersions(21, "4.0.1", "2.13.16"))
        .doesNotThrowAnyException();
  }
}
