package org.descry.bench.kernels;

import java.util.Map;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.descry.kernel.VanillaRnn;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * The captioner's recurrent layer, against DL4J's SimpleRnn (which starts from zeros) and an
 * unrolled SameDiff graph. The backward passes of these two compute the forward pass anew.
 */
public class VanillaRnnBenchmark extends SequenceBenchmark {
  private static final double WEIGHT_SCALE = 0.05;

  private VanillaRnn kernel;
  private INDArray x;
  private INDArray h0;
  private INDArray wX;
  private INDArray wH;
  private INDArray b;
  private INDArray dOut;
  private INDArray dWx;
  private INDArray dWh;
  private INDArray db;
  private Allocator stateGradients;
  private VanillaRnn.Cache cache;
  private StockLayer stock;
  private INDArray stockGradient;
  private SameDiff graph;
  private Map<String, INDArray> graphInputs;

  @Override
  void prepare() {
    kernel = new VanillaRnn();
    x = sequence(D);
    h0 = normal(N, H);
    wX = normal(D, H).muli(WEIGHT_SCALE);
    wH = normal(H, H).muli(WEIGHT_SCALE);
    b = Nd4j.zeros(DataType.FLOAT, H);
    dOut = sequence(H);
    dWx = wX.ulike();
    dWh = wH.ulike();
    db = b.ulike();
    stateGradients = new Scratch()::get;
    cache = kernel.forward(x, h0, wX, wH, b, null, outputs);
    stock = new StockLayer(simpleRnn(), x.permute(0, 2, 1).dup('f'));
    stockGradient = dOut.permute(0, 2, 1).dup('f');
    graph = graph();
    graphInputs = Map.of("x", x.permute(1, 0, 2), "h0", h0, "dOut", dOut.permute(1, 0, 2));
  }

  private static SimpleRnn simpleRnn() {
    return new SimpleRnn.Builder()
        .nIn(D)
        .nOut(H)
        .activation(Activation.TANH)
        .dataFormat(RNNFormat.NCW)
        .build();
  }

  /** Time-major, its inputs projected by a single product. */
  private SameDiff graph() {
    SameDiff sd = SameDiff.create();
    SDVariable inputWeights = sd.var("wX", wX);
    SDVariable recurrentWeights = sd.var("wH", wH);
    SDVariable rows = sd.placeHolder("x", DataType.FLOAT, T, N, D).reshape(T * N, D);
    SDVariable projected = rows.mmul(inputWeights).add(sd.var("b", b)).reshape(T, N, H);
    SDVariable[] steps = sd.unstack(projected, 0, T);
    SDVariable[] states = new SDVariable[T];
    SDVariable state = sd.placeHolder("h0", DataType.FLOAT, N, H);
    for (int t = 0; t < T; t++) {
      state = sd.math().tanh(steps[t].add(state.mmul(recurrentWeights)));
      states[t] = state;
    }
    SDVariable out = sd.stack("out", 0, states);
    out.mul(sd.placeHolder("dOut", DataType.FLOAT, T, N, H)).sum().rename("loss");
    sd.setLossVariables("loss");
    return sd;
  }

  @Benchmark
  public Object forwardDescry() {
    return kernel.forward(x, h0, wX, wH, b, null, outputs);
  }

  @Benchmark
  public Object backwardDescry() {
    return kernel.backward(dOut, cache, dWx, dWh, db, gradients, stateGradients);
  }

  @Benchmark
  public Object forwardDl4j() {
    return stock.forward();
  }

  @Benchmark
  public Object backwardDl4j() {
    return stock.backward(stockGradient);
  }

  @Benchmark
  public Object forwardSameDiff() {
    return graph.outputSingle(graphInputs, "out");
  }

  @Benchmark
  public Object backwardSameDiff() {
    return graph.calculateGradients(graphInputs, "x", "h0", "wX", "wH", "b");
  }
}
