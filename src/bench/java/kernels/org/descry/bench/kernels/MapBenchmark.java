package org.descry.bench.kernels;

import java.util.function.Supplier;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.openjdk.jmh.annotations.Benchmark;

/** A kernel over x, W and b. */
public abstract class MapBenchmark extends KernelBenchmark {
  INDArray x;
  INDArray w;
  INDArray b;
  INDArray dOut;
  private Supplier<Object> forward;
  private Supplier<Object> backward;

  /** Its forward pass. */
  interface Forward<C> {
    C run(INDArray x, INDArray w, INDArray b, Allocator outputs);
  }

  /** Its backward pass. */
  interface Backward<C> {
    INDArray run(INDArray dOut, C cache, INDArray dW, INDArray db, Allocator inputGradient);
  }

  /** Takes the arguments; the kernel gets images channels-last. */
  final void arguments(INDArray input, INDArray weights, INDArray bias, INDArray gradient) {
    x = input;
    w = weights;
    b = bias;
    dOut = gradient;
  }

  /**
   * @param inputGradient null where nobody needs it
   */
  final <C> void kernel(Forward<C> run, Backward<C> back, Allocator inputGradient) {
    INDArray seen = x.rank() == 4 ? channelsLast(x) : x;
    INDArray given = dOut.rank() == 4 ? channelsLast(dOut) : dOut;
    INDArray dW = w.ulike();
    INDArray db = b.ulike();
    C cache = run.run(seen, w, b, outputs);
    forward = () -> run.run(seen, w, b, outputs);
    backward = () -> back.run(given, cache, dW, db, inputGradient);
  }

  @Benchmark
  public Object forwardDescry() {
    return forward.get();
  }

  @Benchmark
  public Object backwardDescry() {
    return backward.get();
  }
}
