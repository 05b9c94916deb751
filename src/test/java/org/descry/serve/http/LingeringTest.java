package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that come before a request has been sent to its end. */
class LingeringTest {
  private static final String PREDICT = "/v1/models/shapes-classifier/predict";
  private static final byte[] PIECE = new byte[1 << 16];

  /** More than a connection's buffers hold. */
  private static final int LONG = 1 << 24;

  @RegisterExtension static final Serving serving = new Serving(Serving.CLASSIFIER);

  private static Socket asking(String path, String header) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), serving.port());
    socket.setSoTimeout(60_000);
    say(
        socket,
        "POST %s HTTP/1.1\r\nHost: it\r\nContent-Type: image/png\r\n%s\r\n"
            .formatted(path, header));
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** All that the server says, until it says that it has ended. */
  private static String answer(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void send(Socket socket, long bytes) throws IOException {
    for (long sent = 0; sent < bytes; sent += PIECE.length) {
      socket.getOutputStream().write(PIECE);
    }
  }

  /** A server that closes behind its answer refuses the rest, and clients lose the answer. */
  @ParameterizedTest
  @CsvSource({PREDICT + ",413", "/nothing,404", "/v2/health/live,405"})
  void theRestOfALargeBodyIsTaken(String path, int status) throws IOException {
    try (Socket socket = asking(path, "Content-Length: " + LONG + "\r\n")) {
      assertThat(answer(socket))
          .startsWith("HTTP/1.1 " + status)
          .contains("\r\nConnection: close\r\n");
      send(socket, LONG);
    }
  }

  @ParameterizedTest
  @CsvSource({PREDICT + ",413", "/nothing,404", "/v2/health/live,405"})
  void theRestOfALargeBodyOfChunksIsTaken(String path, int status) throws IOException {
    try (Socket socket =
        asking(path, "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(2 * LONG))) {
      send(socket, (1 << 20) + 1);
      assertThat(answer(socket))
          .startsWith("HTTP/1.1 " + status)
          .contains("\r\nConnection: close\r\n");
      send(socket, LONG);
    }
  }

  @Test
  void theRestOfALongHeaderIsTaken() throws IOException {
    try (Socket socket = asking(PREDICT, "X: " + "y".repeat(100_000))) {
      assertThat(answer(socket)).startsWith("HTTP/1.1 431").contains("\r\nConnection: close\r\n");
      send(socket, LONG);
    }
  }

  @Test
  void aBodyWithoutAnEndIsRefusedInTheEnd() throws IOException {
    try (Socket socket = asking(PREDICT, "Content-Length: " + Long.MAX_VALUE + "\r\n")) {
      assertThat(answer(socket)).startsWith("HTTP/1.1 413");
      assertThatThrownBy(() -> send(socket, Long.MAX_VALUE)).isInstanceOf(IOException.class);
    }
  }

  @Test
  @Tag("slow")
  void aClientThatDoesNotCloseIsLeftInTheEnd() throws IOException {
    try (Socket socket = asking(PREDICT, "Content-Length: " + LONG + "\r\n")) {
      assertThat(answer(socket)).startsWith("HTTP/1.1 413");
      assertThatThrownBy(() -> sendSlowly(socket)).isInstanceOf(IOException.class);
    }
  }

  private static void sendSlowly(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    for (int i = 0; i < LONG; i++) {
      out.write(0);
      Serving.pause();
      Serving.pause();
    }
  }

  @Test
  void aBodyThatComesTooSlowlyIsRefused() throws IOException {
    try (Socket socket = asking(PREDICT, "Content-Length: 100000\r\n")) {
      while (socket.getInputStream().available() == 0) {
        socket.getOutputStream().write(0);
        for (int i = 0; i < 10; i++) {
          Serving.pause();
        }
      }
      assertThat(answer(socket))
          .startsWith("HTTP/1.1 408")
          .contains("The request came too slowly; expected at least 64 bytes a second.");
    }
  }
}
