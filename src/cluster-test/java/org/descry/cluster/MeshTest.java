package org.descry.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.descry.engine.Bfloat16;
import org.descry.engine.Engine;
import org.descry.testing.Together;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Sums over sockets are those of one machine, to the bit. */
class MeshTest {
  @BeforeAll
  static void start() {
    Engine.start();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 10, FLOAT, false",
    "2, 1, FLOAT, false",
    "2, 9001, FLOAT, false",
    "3, 5000, DOUBLE, false",
    "5, 4097, FLOAT, false",
    "5, 4097, FLOAT, true",
    "4, 70000, FLOAT, false"
  })
  void addsInTheOrderOfTheRanks(int size, int length, DataType type, boolean gathers)
      throws Exception {
    INDArray expected = Meshes.numbers(0, type, length).dup();
    for (int rank = 1; rank < size; rank++) {
      expected.addi(Meshes.numbers(rank, type, length));
    }
    List<INDArray> sums =
        Meshes.all(
            size,
            gathers,
            (mesh, rank) -> {
              INDArray array = Meshes.numbers(rank, type, length);
              INDArray small = Nd4j.createFromArray((double) rank);
              mesh.sum(array);
              mesh.sum(small);
              assertThat(small.getDouble(0)).isEqualTo(size * (size - 1) / 2.0);
              array.divi(size);
              mesh.sum(Nd4j.zeros(type, length)); // the memory is used again
              return array.muli(size).dup();
            });
    double[] bits = expected.divi(size).muli(size).toDoubleVector();
    assertThat(sums).allSatisfy(sum -> assertThat(sum.toDoubleVector()).isEqualTo(bits));
  }

  @ParameterizedTest
  @CsvSource({"1, 10, false", "2, 1, false", "2, 9001, false", "5, 4097, false", "5, 4097, true"})
  void roundsTheNumbersAndTheirSum(int size, int length, boolean gathers) throws Exception {
    INDArray expected = Meshes.numbers(0, DataType.FLOAT, length).dup();
    Bfloat16.rounding(expected).run();
    for (int rank = 1; rank < size; rank++) {
      INDArray other = Meshes.numbers(rank, DataType.FLOAT, length).dup();
      Bfloat16.rounding(other).run();
      expected.addi(other);
    }
    Bfloat16.rounding(expected).run();
    List<INDArray> sums =
        Meshes.all(
            size,
            gathers,
            (mesh, rank) -> {
              INDArray array = Meshes.numbers(rank, DataType.FLOAT, length);
              mesh.sumRounded(array);
              assertThat(mesh.bytes()).isLessThanOrEqualTo(4L * length * (gathers ? size : 1));
              return array.dup();
            });
    float[] bits = expected.toFloatVector();
    assertThat(sums).allSatisfy(sum -> assertThat(sum.toFloatVector()).isEqualTo(bits));
    assertThatThrownBy(
            () ->
                Meshes.all(
                    1,
                    gathers,
                    (mesh, rank) -> {
                      mesh.sumRounded(Nd4j.zeros(DataType.DOUBLE, 3));
                      return 0;
                    }))
        .hasMessageContaining("expected numbers of FLOAT to round");
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "5, false", "5, true"})
  void eachGetsWhatTheOthersHave(int size, boolean gathers) throws Exception {
    List<List<String>> told =
        Meshes.all(
            size,
            gathers,
            (mesh, rank) -> {
              mesh.sum(Nd4j.zeros(DataType.FLOAT, 3));
              List<byte[]> first = mesh.exchange("x".repeat(100_000 * rank).getBytes(UTF_8));
              mesh.sum(Nd4j.zeros(DataType.FLOAT, 5000));
              assertThat(first)
                  .extracting(bytes -> bytes.length)
                  .element(rank)
                  .isEqualTo(100_000 * rank);
              return mesh.exchange(("rank " + rank).getBytes(UTF_8)).stream()
                  .map(bytes -> new String(bytes, UTF_8))
                  .toList();
            });
    assertThat(told)
        .containsOnly(IntStream.range(0, size).mapToObj(rank -> "rank " + rank).toList());
  }

  /** None is called but the first, where the others cannot be reached. */
  @Test
  void whereTheFirstGathersTheOthersSpeakToItAlone() throws Exception {
    try (ServerSocket first = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        ServerSocket deaf = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      int nobody = deaf.getLocalPort();
      deaf.close();
      List<InetSocketAddress> addresses = new ArrayList<>();
      addresses.add((InetSocketAddress) first.getLocalSocketAddress());
      for (int rank = 1; rank < 3; rank++) {
        addresses.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), nobody));
      }
      List<Callable<Double>> tasks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int rank = i;
        tasks.add(
            () -> {
              try (ServerSocket own = new ServerSocket(0);
                  Mesh mesh =
                      Links.connect(
                          rank,
                          rank == 0 ? first : own,
                          addresses,
                          Meshes.SECRET,
                          Meshes.TIMEOUT,
                          true)) {
                INDArray array = Nd4j.createFromArray((double) rank);
                mesh.sum(array);
                return array.getDouble(0) + mesh.exchange(new byte[rank]).get(2).length;
              }
            });
      }
      assertThat(Together.run(tasks)).containsOnly(5.0);
    }
  }

  @Test
  void sendsEachNumberTwiceHoweverManyThereAre() throws Exception {
    for (int size : new int[] {2, 4}) {
      List<Long> sent =
          Meshes.all(
              size,
              false,
              (mesh, rank) -> {
                mesh.sum(Nd4j.zeros(DataType.FLOAT, 8000));
                return mesh.bytes();
              });
      assertThat(sent)
          .allSatisfy(bytes -> assertThat(bytes).isEqualTo(2L * 32000 * (size - 1) / size));
    }
  }

  /** None waits for a rank that is gone. */
  @Test
  void aLostRankIsNoticedByAll() {
    assertThatThrownBy(
            () ->
                Meshes.all(
                    3,
                    false,
                    (mesh, rank) -> {
                      mesh.sum(Nd4j.zeros(DataType.FLOAT, 5000));
                      if (rank == 1) {
                        return 0;
                      }
                      mesh.sum(Nd4j.zeros(DataType.FLOAT, 5000));
                      return 1;
                    }))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("rank 0 lost another one");
  }

  @Test
  void arraysOfDifferentLengthsAreRefused() {
    assertThatThrownBy(
            () ->
                Meshes.all(
                    2,
                    false,
                    (mesh, rank) -> {
                      mesh.sum(Nd4j.zeros(DataType.FLOAT, 5 + rank));
                      return 0;
                    }))
        .isInstanceOf(ExecutionException.class);
  }
}
