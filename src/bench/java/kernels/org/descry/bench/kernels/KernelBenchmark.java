package org.descry.bench.kernels;

import java.util.concurrent.TimeUnit;
import org.descry.engine.Allocator;
import org.descry.engine.Engine;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A kernel against what ND4J or DL4J has for the same purpose, called as its documentation has it.
 * The kernel's results go to memory that is reused, as a layer's go to its workspace.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"})
public abstract class KernelBenchmark {
  /** Examples in every batch. */
  static final int N = 100;

  /** Classes of the losses. */
  static final int K = 10;

  /** Where the forward pass's results go; made with the data, once the engine has started. */
  Allocator outputs;

  /** Where the backward pass's results go. */
  Allocator gradients;

  /** Chooses the binary before anything of ND4J loads, then makes the data. */
  @Setup
  public void start() {
    Engine.start();
    Nd4j.getRandom().setSeed(1);
    outputs = new Scratch()::get;
    gradients = new Scratch()::get;
    prepare();
  }

  /** Makes the kernel, its arguments and the cache that its backward pass reads. */
  abstract void prepare();

  static INDArray normal(long... shape) {
    return Nd4j.randn(DataType.FLOAT, shape);
  }

  /** Shape N x C x H x W over channels-last memory, the kernels' own layout. */
  static INDArray channelsLast(INDArray nchw) {
    return nchw.permute(0, 2, 3, 1).dup('c').permute(0, 3, 1, 2);
  }

  /** A native operation as users of ND4J run it: built, and its outputs allocated, in each call. */
  static INDArray[] nd4j(String name, int[] integers, INDArray... inputs) {
    return Nd4j.exec(
        DynamicCustomOp.builder(name).addInputs(inputs).addIntegerArguments(integers).build());
  }

  /** Frees arrays that would otherwise wait for the garbage collector. */
  static void close(INDArray... arrays) {
    for (INDArray array : arrays) {
      array.close();
    }
  }
}
