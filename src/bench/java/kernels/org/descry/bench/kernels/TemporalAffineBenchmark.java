package org.descry.bench.kernels;

import org.descry.kernel.TemporalAffine;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.openjdk.jmh.annotations.Benchmark;

/** The captioner's scores of all words, against xw_plus_b on rows N T. */
public class TemporalAffineBenchmark extends SequenceBenchmark {
  private TemporalAffine kernel;
  private INDArray x;
  private INDArray w;
  private INDArray b;
  private INDArray dOut;
  private INDArray dW;
  private INDArray db;
  private TemporalAffine.Cache cache;
  private INDArray rows;
  private INDArray dRows;

  @Override
  void prepare() {
    kernel = new TemporalAffine();
    x = sequence(H);
    w = normal(H, V);
    b = normal(V);
    dOut = sequence(V);
    dW = w.ulike();
    db = b.ulike();
    cache = kernel.forward(x, w, b, outputs);
    rows = normal((long) N * T, H);
    dRows = normal((long) N * T, V);
  }

  @Benchmark
  public Object forwardDescry() {
    return kernel.forward(x, w, b, outputs);
  }

  @Benchmark
  public Object backwardDescry() {
    return kernel.backward(dOut, cache, dW, db, gradients);
  }

  @Benchmark
  public void forwardNd4j() {
    close(nd4j("xw_plus_b", Shapes.NONE, rows, w, b));
  }

  @Benchmark
  public void backwardNd4j() {
    close(nd4j("xw_plus_b_bp", Shapes.NONE, rows, w, b, dRows));
  }
}
