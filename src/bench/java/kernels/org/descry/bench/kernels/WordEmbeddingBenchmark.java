package org.descry.bench.kernels;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.descry.kernel.WordEmbedding;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;

/** The captioner's word vectors, against gather and scatter_add and DL4J's layer. */
public class WordEmbeddingBenchmark extends SequenceBenchmark {
  private static final int[] ROWS = {0};

  private WordEmbedding kernel;
  private INDArray ids;
  private INDArray flatIds;
  private INDArray w;
  private INDArray dOut;
  private INDArray dRows;
  private INDArray dW;
  private WordEmbedding.Cache cache;
  private StockLayer stock;
  private INDArray stockGradient;

  @Override
  void prepare() {
    kernel = new WordEmbedding();
    int[] words = words();
    ids = timeMajor(words);
    flatIds = Nd4j.createFromArray(words);
    w = normal(V, D);
    dOut = sequence(D);
    dRows = normal((long) N * T, D);
    dW = w.ulike();
    cache = kernel.forward(ids, w, outputs);
    stock = new StockLayer(embedding(), ids.dup('c'));
    stockGradient = normal(N, D, T);
  }

  private static EmbeddingSequenceLayer embedding() {
    return new EmbeddingSequenceLayer.Builder()
        .nIn(V)
        .nOut(D)
        .hasBias(false)
        .inputLength(T)
        .outputDataFormat(RNNFormat.NCW)
        .activation(Activation.IDENTITY)
        .build();
  }

  @Benchmark
  public Object forwardDescry() {
    return kernel.forward(ids, w, outputs);
  }

  @Benchmark
  public Object backwardDescry() {
    kernel.backward(dOut, cache, dW);
    return dW;
  }

  @Benchmark
  public void forwardNd4j() {
    close(nd4j("gather", ROWS, w, flatIds));
  }

  @Benchmark
  public void backwardNd4j() {
    INDArray zeros = Nd4j.zeros(DataType.FLOAT, V, D);
    close(nd4j("scatter_add", Shapes.NONE, zeros, flatIds, dRows));
    close(zeros);
  }

  @Benchmark
  public Object forwardDl4j() {
    return stock.forward();
  }

  @Benchmark
  public Object backwardDl4j() {
    return stock.backward(stockGradient);
  }
}
