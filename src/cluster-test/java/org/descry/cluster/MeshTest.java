package org.descry.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Sums over sockets are those of one machine, to the bit. */
class MeshTest {
  private static final Secret SECRET = Secret.draw(false);
  private static final int TIMEOUT = 5000;

  @BeforeAll
  static void start() {
    Engine.start();
  }

  private interface Work<T> {
    T run(Mesh mesh, int rank) throws Exception;
  }

  /** Each rank on a thread of its own. */
  private static <T> List<T> all(int size, boolean gathers, Work<T> work) throws Exception {
    return all(size, gathers, SECRET, work);
  }

  private static <T> List<T> all(int size, boolean gathers, Secret secret, Work<T> work)
      throws Exception {
    List<ServerSocket> servers = new ArrayList<>();
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      servers.add(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
      addresses.add((InetSocketAddress) servers.get(i).getLocalSocketAddress());
    }
    try {
      List<Callable<T>> tasks = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int rank = i;
        tasks.add(
            () -> {
              try (Mesh mesh =
                  Links.connect(rank, servers.get(rank), addresses, secret, TIMEOUT, gathers)) {
                return work.run(mesh, rank);
              }
            });
      }
      return Together.run(tasks);
    } finally {
      for (ServerSocket server : servers) {
        server.close();
      }
    }
  }

  private static INDArray numbers(int rank, DataType type, int length) {
    Random random = new Random(rank);
    double[] values = new double[length + 3];
    Arrays.setAll(values, i -> random.nextGaussian() * Math.pow(10, random.nextInt(8)));
    // A stretch of a longer array, as gradients may be.
    return Nd4j.createFromArray(values).castTo(type).get(NDArrayIndex.interval(3, length + 3));
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
    INDArray expected = numbers(0, type, length).dup();
    for (int rank = 1; rank < size; rank++) {
      expected.addi(numbers(rank, type, length));
    }
    List<INDArray> sums =
        all(
            size,
            gathers,
            (mesh, rank) -> {
              INDArray array = numbers(rank, type, length);
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
    INDArray expected = numbers(0, DataType.FLOAT, length).dup();
    Bfloat16.rounding(expected).run();
    for (int rank = 1; rank < size; rank++) {
      INDArray other = numbers(rank, DataType.FLOAT, length).dup();
      Bfloat16.rounding(other).run();
      expected.addi(other);
    }
    Bfloat16.rounding(expected).run();
    List<INDArray> sums =
        all(
            size,
            gathers,
            (mesh, rank) -> {
              INDArray array = numbers(rank, DataType.FLOAT, length);
              mesh.sumRounded(array);
              assertThat(mesh.bytes()).isLessThanOrEqualTo(4L * length * (gathers ? size : 1));
              return array.dup();
            });
    float[] bits = expected.toFloatVector();
    assertThat(sums).allSatisfy(sum -> assertThat(sum.toFloatVector()).isEqualTo(bits));
    assertThatThrownBy(
            () ->
                all(
                    1,
                    gathers,
                    (mesh, rank) -> {
                      mesh.sumRounded(Nd4j.zeros(DataType.DOUBLE, 3));
                      return 0;
                    }))
        .hasMessageContaining("expected numbers of FLOAT to round");
  }

  @Test
  void encryptedSumsAreTheSame() throws Exception {
    INDArray expected = numbers(0, DataType.FLOAT, 70000).dup();
    for (int rank = 1; rank < 3; rank++) {
      expected.addi(numbers(rank, DataType.FLOAT, 70000));
    }
    List<INDArray> sums =
        all(
            3,
            false,
            Secret.draw(true),
            (mesh, rank) -> {
              INDArray array = numbers(rank, DataType.FLOAT, 70000);
              mesh.sum(Nd4j.zeros(DataType.FLOAT, 7));
              mesh.sum(array);
              return array.dup();
            });
    assertThat(sums)
        .allSatisfy(sum -> assertThat(sum.toFloatVector()).isEqualTo(expected.toFloatVector()));
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "5, false", "5, true"})
  void eachGetsWhatTheOthersHave(int size, boolean gathers) throws Exception {
    List<List<String>> told =
        all(
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
                          rank, rank == 0 ? first : own, addresses, SECRET, TIMEOUT, true)) {
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
          all(
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
                all(
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
                all(
                    2,
                    false,
                    (mesh, rank) -> {
                      mesh.sum(Nd4j.zeros(DataType.FLOAT, 5 + rank));
                      return 0;
                    }))
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void whoDoesNotKnowTheSecretIsNotLetIn() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<Boolean> refused =
          thread.submit(
              () -> {
                try (Socket socket = server.accept();
                    Link link = Link.answer(socket, SECRET, 0, TIMEOUT)) {
                  return false;
                } catch (IOException e) {
                  return true;
                }
              });
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      assertThatThrownBy(() -> Link.call(address, Secret.draw(false), 1, TIMEOUT).close())
          .isInstanceOf(IOException.class);
      assertThat(refused.get()).isTrue();
      thread.shutdownNow();
    }
  }

  /** A port that somebody scans goes on waiting for the ranks. */
  @Test
  void aStrangerDoesNotEndATraining() throws Exception {
    try (ServerSocket one = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        ServerSocket two = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      List<InetSocketAddress> all =
          List.of(
              (InetSocketAddress) one.getLocalSocketAddress(),
              (InetSocketAddress) two.getLocalSocketAddress());
      try (Socket stranger = new Socket(one.getInetAddress(), one.getLocalPort())) {
        stranger.getOutputStream().write(new byte[200]);
        stranger.shutdownOutput();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<Mesh> other =
            thread.submit(() -> Links.connect(1, two, all, SECRET, TIMEOUT, false));
        try (Mesh mesh = Links.connect(0, one, all, SECRET, TIMEOUT, false);
            Mesh second = other.get()) {
          assertThat(mesh.bytes() + second.bytes()).isZero();
        } finally {
          thread.shutdownNow();
        }
      }
    }
  }
}
