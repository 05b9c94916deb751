package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.descry.kind.classifier.PeerModel;
import org.junit.jupiter.api.Test;

/** As many questions wait as may. */
class FullQueueTest {
  private static final int WORKERS = 2;
  private static final String PREDICT = "/v1/models/shapes-classifier/predict";
  private static final byte[] IMAGE = Serving.disc(32, 1);

  /** What a worker waits for before it answers, once the model is warm; and who waits. */
  private final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));

  private final Semaphore working = new Semaphore(0);

  /** Answers when the gate is open. */
  private final class Waiting extends PeerModel {
    Waiting() {
      super(Serving.CLASSIFIER);
    }

    @Override
    protected Network peer() {
      return (pixels, rows) -> {
        working.release();
        try {
          gate.get().await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        return new float[rows * manifest().labels().size()];
      };
    }
  }

  @Test
  void theNextIsToldToComeLaterAndTheOthersAreAnswered() throws Exception {
    ExecutorService clients = Executors.newCachedThreadPool();
    List<CompletableFuture<HttpResponse<byte[]>>> taken = new ArrayList<>();
    try (Serving serving =
        new Serving(Serving.CLASSIFIER, file -> new Waiting(), settings -> settings.queue = 1)) {
      gate.set(new CountDownLatch(1));
      working.drainPermits();
      for (int i = 0; i < WORKERS; i++) {
        taken.add(
            CompletableFuture.supplyAsync(
                () -> serving.post(PREDICT, "image/png", IMAGE), clients));
        working.acquire();
      }
      taken.add(
          CompletableFuture.supplyAsync(() -> serving.post(PREDICT, "image/png", IMAGE), clients));
      while (Serving.json(serving.get("/v1/models/shapes-classifier")).get("waiting").asInt() < 1) {
        Serving.pause();
      }
      HttpResponse<byte[]> refused = serving.post(PREDICT, "image/png", IMAGE);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(Serving.json(refused).get("error").asText())
          .isEqualTo("1 questions are waiting already; expected another try later.");
      gate.get().countDown();
      for (CompletableFuture<HttpResponse<byte[]>> each : taken) {
        assertThat(each.join().statusCode()).isEqualTo(200);
      }
    } finally {
      gate.get().countDown();
      clients.shutdown();
    }
  }
}
