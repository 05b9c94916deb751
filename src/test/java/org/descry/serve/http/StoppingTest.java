package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.descry.kind.language.TrainedLanguageModel;
import org.eclipse.jetty.util.component.Graceful;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server still does, and no longer does, when it stops. */
class StoppingTest {
  /** Fails when the server waits, until it loses patience, for what nobody waits for. */
  @ParameterizedTest
  @ValueSource(strings = {"", "Accept: text/event-stream\r\n", "Accept-Encoding: gzip\r\n"})
  void clientsThatAreGoneHoldNobodyUp(String header) throws IOException {
    String prompt = TrainedLanguageModel.load(Serving.LANGUAGE).manifest().text().tokens().get(3);
    String request =
        "POST /v1/models/word-rnn/generate?length=500 HTTP/1.1\r\nHost: it\r\n%sContent-Type: text/plain\r\nContent-Length: %s\r\n\r\n%s"
            .formatted(header, prompt.getBytes(StandardCharsets.UTF_8).length, prompt);
    Serving serving = new Serving(Serving.LANGUAGE);
    try {
      for (int i = 0; i < 20; i++) {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), serving.port());
        client.setSoLinger(true, 0); // a close resets the connection
        client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        client.close();
      }
      assertThat(serving.get("/v2/health/live").statusCode()).isEqualTo(200);
    } finally {
      assertThatCode(serving::close).doesNotThrowAnyException();
    }
  }

  /** A request that was taken while connections end would have nowhere to go with its answer. */
  @Test
  void nothingIsTakenFromWhenConnectionsBeginToEnd() {
    List<HttpResponse<byte[]>> answers = new ArrayList<>();
    try (Serving serving = new Serving(Serving.CLASSIFIER)) {
      serving.jetty().addBean(new FirstToStop(() -> answers.add(serving.get("/v2/health/live"))));
      assertThat(serving.get("/v2/health/live").statusCode()).isEqualTo(200);
    }
    HttpResponse<byte[]> answer = answers.get(0);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(Serving.json(answer).get("error").asText())
        .isEqualTo("The server is stopping; expected another try later.");
  }

  /** Javalin does not end requests whose encoded answers cannot be written. */
  @Test
  void answersAreSentAsTheyAre() {
    try (Serving serving = new Serving(Serving.CLASSIFIER)) {
      HttpResponse<byte[]> answer =
          serving.send(serving.to("/openapi.json").header("Accept-Encoding", "gzip").GET());
      assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
      assertThat(Serving.json(answer).has("openapi")).isTrue();
    }
  }

  /** Jetty asks its parts to shut down in the reverse of the order in which it got them. */
  private record FirstToStop(Runnable action) implements Graceful {
    @Override
    public CompletableFuture<Void> shutdown() {
      action.run();
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isShutdown() {
      return false;
    }
  }
}
