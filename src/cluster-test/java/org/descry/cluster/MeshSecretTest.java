package org.descry.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.descry.engine.Engine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Who does not know the secret has no part in the sums. */
class MeshSecretTest {
  @BeforeAll
  static void start() {
    Engine.start();
  }

  @Test
  void encryptedSumsAreTheSame() throws Exception {
    INDArray expected = Meshes.numbers(0, DataType.FLOAT, 70000).dup();
    for (int rank = 1; rank < 3; rank++) {
      expected.addi(Meshes.numbers(rank, DataType.FLOAT, 70000));
    }
    List<INDArray> sums =
        Meshes.all(
            3,
            false,
            Secret.draw(true),
            (mesh, rank) -> {
              INDArray array = Meshes.numbers(rank, DataType.FLOAT, 70000);
              mesh.sum(Nd4j.zeros(DataType.FLOAT, 7));
              mesh.sum(array);
              return array.dup();
            });
    assertThat(sums)
        .allSatisfy(sum -> assertThat(sum.toFloatVector()).isEqualTo(expected.toFloatVector()));
  }

  @Test
  void whoDoesNotKnowTheSecretIsNotLetIn() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<Boolean> refused =
          thread.submit(
              () -> {
                try (Socket socket = server.accept();
                    Link link = Link.answer(socket, Meshes.SECRET, 0, Meshes.TIMEOUT)) {
                  return false;
                } catch (IOException e) {
                  return true;
                }
              });
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      assertThatThrownBy(() -> Link.call(address, Secret.draw(false), 1, Meshes.TIMEOUT).close())
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
            thread.submit(() -> Links.connect(1, two, all, Meshes.SECRET, Meshes.TIMEOUT, false));
        try (Mesh mesh = Links.connect(0, one, all, Meshes.SECRET, Meshes.TIMEOUT, false);
            Mesh second = other.get()) {
          assertThat(mesh.bytes() + second.bytes()).isZero();
        } finally {
          thread.shutdownNow();
        }
      }
    }
  }
}
