package org.descry.bench.kernels;

import static org.descry.bench.kernels.SequenceBenchmark.H;
import static org.descry.bench.kernels.SequenceBenchmark.T;
import static org.descry.bench.kernels.SequenceBenchmark.V;
import static org.descry.bench.kernels.SequenceBenchmark.sequence;

import org.descry.kernel.TemporalAffine;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.openjdk.jmh.annotations.Benchmark;

/** The captioner's scores of all words, against xw_plus_b on rows N T. */
public class TemporalAffineBenchmark extends MapBenchmark {
  private INDArray rows;
  private INDArray dRows;

  @Override
  void prepare() {
    arguments(sequence(H), normal(H, V), normal(V), sequence(V));
    TemporalAffine kernel = new TemporalAffine();
    kernel(kernel::forward, kernel::backward, gradients);
    rows = normal((long) N * T, H);
    dRows = normal((long) N * T, V);
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
