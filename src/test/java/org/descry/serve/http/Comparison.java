package org.descry.serve.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.descry.engine.Engine;
import org.descry.engine.Memory;
import org.descry.engine.dnn.Precision;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
import org.descry.kind.classifier.DjlModel;
import org.descry.kind.classifier.OnnxPeer;
import org.descry.kind.service.Options;
import org.descry.kind.service.Service;
import org.descry.serve.ServerSettings;

/**
 * A program that measures Descry, ONNX Runtime and DJL's PyTorch alike: {@code descry|onnx|djl
 * process MODEL.zip IMAGE}, or {@code serve MODEL.zip PORT}. Within the process it says how long a
 * batch takes; behind the server it waits for {@link LoadClient} until its input ends.
 */
final class Comparison {
  private static final int WORKERS = 2;
  private static final int[] SIZES = {1, 8, 32, 64, 100};

  /** Until the code is compiled, which takes a processor that the network's threads wait for. */
  private static final long WARMING_NANOS = TimeUnit.SECONDS.toNanos(4);

  private Comparison() {}

  public static void main(String[] args) throws IOException {
    boolean serve = args[1].equals("serve");
    int threads = serve ? 1 : Runtime.getRuntime().availableProcessors();
    System.out.println(Engine.start(null, threads));
    Path onnx = Files.createTempDirectory("comparison").resolve("model.onnx");
    Function<Path, TrainedModel> opener =
        switch (args[0]) {
          case "onnx" -> file -> peer(file, onnx, threads);
          case "djl" -> file -> new DjlModel(file, threads);
          default -> Kinds::open;
        };
    Path model = Path.of(args[2]);
    if (!serve) {
      process(args[0], opener.apply(model).service(), Files.readAllBytes(Path.of(args[3])));
      return;
    }
    ServerSettings settings =
        new ServerSettings(
            "127.0.0.1",
            Integer.parseInt(args[3]),
            WORKERS,
            64,
            Duration.ofMillis(2),
            1024,
            1 << 20,
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Memory.limit(),
            null,
            null,
            null,
            Precision.FLOAT32,
            false);
    try (Server server = Server.start(model, opener, settings)) {
      System.out.println("port " + server.port());
      while (System.in.read() >= 0) {
        // until the end
      }
    }
  }

  private static TrainedModel peer(Path file, Path onnx, int threads) {
    try {
      return new OnnxPeer(file, onnx, threads);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <Q, A> void process(String name, Service<Q, A> service, byte[] image) {
    Q question = service.question("image", image, Options.NONE);
    Service.Worker<Q, A> worker = service.worker();
    int largest = service.traits().sizes().get(service.traits().sizes().size() - 1);
    for (int size : SIZES) {
      List<Q> batch = Collections.nCopies(size, question);
      long[] times = new long[size == 1 ? 4000 : size <= 8 ? 1000 : 200];
      for (long warm = System.nanoTime() + WARMING_NANOS; System.nanoTime() < warm; ) {
        nanos(worker, batch, largest);
      }
      for (int i = 0; i < times.length; i++) {
        times[i] = nanos(worker, batch, largest);
      }
      Arrays.sort(times);
      System.out.printf(
          Locale.ROOT,
          "%s, batch %3d: median %.3f ms, fastest %.3f ms%n",
          name,
          size,
          times[times.length / 2] / 1e6,
          times[0] / 1e6);
    }
  }

  private static <Q> long nanos(Service.Worker<Q, ?> worker, List<Q> batch, int largest) {
    long start = System.nanoTime();
    for (int from = 0; from < batch.size(); from += largest) {
      worker.answer(batch.subList(from, Math.min(batch.size(), from + largest)));
    }
    return System.nanoTime() - start;
  }
}
