package org.descry.serve.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.descry.DataException;
import org.descry.engine.dnn.Precision;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
import org.descry.serve.Meters;
import org.descry.serve.Refused;
import org.descry.serve.ServerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that come while the first look at a folder is still loading what they ask for. */
class ModelsTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final AtomicInteger opened = new AtomicInteger();

  @TempDir private Path folder;

  /** Asks for a model in the middle of its being opened by the first look. */
  private String asked(Function<Path, TrainedModel> opener) throws Exception {
    Files.copy(Path.of("models/word-rnn.zip"), folder.resolve("it.zip"));
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Function<Path, TrainedModel> slow =
        file -> {
          opened.incrementAndGet();
          opening.countDown();
          await(go);
          return opener.apply(file);
        };
    try (Models models = new Models(folder, slow, settings(), new Meters())) {
      models.start(LONG.toMillis());
      await(opening);
      CompletableFuture<String> version =
          models.use(
              "it",
              null,
              Runnable::run,
              model -> CompletableFuture.completedFuture(model.version()));
      go.countDown();
      return version.get(1, TimeUnit.MINUTES);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ServerSettings settings() {
    return new ServerSettings(
        "127.0.0.1",
        0,
        1,
        1,
        Duration.ZERO,
        8,
        1 << 20,
        LONG,
        LONG,
        Long.MAX_VALUE,
        null,
        null,
        null,
        Precision.FLOAT32,
        false);
  }

  @Test
  void whatTheFirstLookIsLoadingIsLoadedOnce() throws Exception {
    assertThat(asked(Kinds::open)).isEqualTo("1");
    assertThat(opened).hasValue(1);
  }

  @Test
  void whatTheFirstLookRefusesIsNotTriedAgain() {
    assertThatThrownBy(
            () ->
                asked(
                    file -> {
                      throw new DataException(file + " is no model; expected one.");
                    }))
        .hasRootCauseInstanceOf(Refused.class)
        .hasMessageContaining("is no model");
    assertThat(opened).hasValue(1);
  }
}
