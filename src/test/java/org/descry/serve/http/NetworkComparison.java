package org.descry.serve.http;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.descry.engine.Engine;
import org.descry.kind.Kinds;
import org.descry.kind.classifier.OnnxPeer;
import org.descry.kind.service.Options;
import org.descry.kind.service.Service;

/**
 * A program that compares the processor time of a classifier's answers with ONNX Runtime's, one
 * thread each, in turns within one JVM: what else the machine does meets both. Without a server, of
 * {@code MODEL.zip}.
 */
final class NetworkComparison {
  private static final int ROUNDS = 25;
  private static final int[] SIZES = {1, 8, 32, 64, 100};

  private NetworkComparison() {}

  public static void main(String[] args) throws IOException {
    System.out.println(Engine.start(null, 1));
    Path model = Path.of(args[0]);
    Path onnx = Files.createTempDirectory("comparison").resolve("model.onnx");
    Service<?, ?> own = Kinds.open(model).service();
    Service<?, ?> peer = new OnnxPeer(model, onnx, 1).service();
    for (int size : SIZES) {
      int times = Math.max(3, 40 / size);
      Runnable descry = batches(own, size, times);
      Runnable runtime = batches(peer, size, times);
      double[] first = new double[ROUNDS];
      double[] second = new double[ROUNDS];
      for (int round = -ROUNDS; round < ROUNDS; round++) {
        first[Math.max(0, round)] = millis(descry) / times;
        second[Math.max(0, round)] = millis(runtime) / times;
      }
      Arrays.sort(first);
      Arrays.sort(second);
      double one = first[ROUNDS / 2];
      double other = second[ROUNDS / 2];
      System.out.printf(
          Locale.ROOT,
          "batch %3d: Descry %.3f ms, ONNX Runtime %.3f ms, %.2f times as fast%n",
          size,
          one,
          other,
          other / one);
    }
  }

  private static <Q, A> Runnable batches(Service<Q, A> service, int size, int times) {
    Q question = service.question("image", Serving.disc(32, 1), Options.NONE);
    List<Q> batch = Collections.nCopies(size, question);
    Service.Worker<Q, A> worker = service.worker();
    return () -> {
      for (int i = 0; i < times; i++) {
        worker.answer(batch);
      }
    };
  }

  private static double millis(Runnable action) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    action.run();
    return (threads.getCurrentThreadCpuTime() - before) / 1e6;
  }
}
