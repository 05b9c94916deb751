package org.descry.bench.nd4j;

import java.io.IOException;
import java.util.Map;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.Trial;
import org.descry.engine.Engine;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** One SameDiff graph, differentiated by SameDiff and trained by its {@code fit}. */
public final class SameDiffPeer extends Nd4jPeer {
  private static final long SEED = 1;

  public static void main(String[] args) throws IOException {
    Engine.start();
    Trial.run(new SameDiffPeer(), args);
  }

  @Override
  public void train(ConvSpec net, int batch, Meter meter) {
    SameDiff graph = graph(net, batch);
    SDVariable labels = graph.placeHolder("labels", DataType.FLOAT, batch, net.classes());
    graph.loss().softmaxCrossEntropy("loss", labels, graph.getVariable("scores"), null);
    graph.setLossVariables("loss");
    graph.setTrainingConfig(
        new TrainingConfig.Builder()
            .updater(new Adam(ConvSpec.LEARNING_RATE))
            .l2(ConvSpec.L2)
            .dataSetFeatureMapping("image")
            .dataSetLabelMapping("labels")
            .build());
    INDArray pixels = pixels(net, batch);
    INDArray oneHot = oneHotLabels(net, batch);
    Map<String, INDArray> inputs = Map.of("image", pixels, "labels", oneHot);
    double firstLoss = loss(graph, inputs);
    // One call of fit for all steps: each call sets up a training session anew.
    graph.fit(new RepeatedBatch(pixels, oneHot, meter::finished), 1, new StepListener(meter));
    meter.reportLosses(firstLoss, loss(graph, inputs));
  }

  @Override
  public void infer(ConvSpec net, int batch, Meter meter) {
    SameDiff graph = graph(net, batch);
    Map<String, INDArray> inputs = Map.of("image", pixels(net, batch));
    meter.measure(
        () -> {
          graph.output(inputs, "scores").get("scores").data().asFloat();
          return Double.NaN;
        });
  }

  private static double loss(SameDiff graph, Map<String, INDArray> inputs) {
    return graph.outputSingle(inputs, "loss").getDouble(0);
  }

  private static SameDiff graph(ConvSpec net, int batch) {
    Nd4j.getRandom().setSeed(SEED);
    SameDiff graph = SameDiff.create();
    SDVariable last =
        graph.placeHolder(
            "image", DataType.FLOAT, batch, net.channels(), net.height(), net.width());
    int in = net.channels();
    for (ConvSpec.Stage stage : net.stages()) {
      last = convolution(graph, last, in, stage);
      in = stage.filters();
    }
    last = last.reshape(batch, net.flattened());
    in = net.flattened();
    for (int units : net.hidden()) {
      last = graph.nn().relu(affine(graph, last, in, units), 0);
      in = units;
    }
    affine(graph, last, in, net.classes()).rename("scores");
    return graph;
  }

  private static SDVariable convolution(
      SameDiff graph, SDVariable x, int in, ConvSpec.Stage stage) {
    int size = stage.filterSize();
    SDVariable weights = weights(graph, size * size * in, size, size, in, stage.filters());
    SDVariable bias = graph.var(Nd4j.zeros(DataType.FLOAT, stage.filters()));
    Conv2DConfig config =
        Conv2DConfig.builder()
            .kH(size)
            .kW(size)
            .pH(stage.padding())
            .pW(stage.padding())
            .paddingMode(PaddingMode.VALID)
            .dataFormat("NCHW")
            .weightsFormat(WeightsFormat.YXIO)
            .build();
    SDVariable activations = graph.nn().relu(graph.cnn().conv2d(x, weights, bias, config), 0);
    return stage.pool() ? maxPool(graph, activations) : activations;
  }

  private static SDVariable maxPool(SameDiff graph, SDVariable x) {
    return graph
        .cnn()
        .maxPooling2d(
            x,
            Pooling2DConfig.builder()
                .kH(2)
                .kW(2)
                .sH(2)
                .sW(2)
                .isNHWC(false)
                .paddingMode(PaddingMode.VALID)
                .build());
  }

  /** A product and a sum: sd.nn().linear of M2.1 gives wrong values when it is executed again. */
  private static SDVariable affine(SameDiff graph, SDVariable x, int in, int out) {
    SDVariable bias = graph.var(Nd4j.zeros(DataType.FLOAT, out));
    return x.mmul(weights(graph, in, in, out)).add(bias);
  }

  private static SDVariable weights(SameDiff graph, int fanIn, long... shape) {
    return graph.var(Nd4j.randn(DataType.FLOAT, shape).muli(Math.sqrt(2.0 / fanIn)));
  }

  /** Reports every training step to the meter; its loss is not computed, only its gradient. */
  private static final class StepListener extends BaseListener {
    private final Meter meter;

    StepListener(Meter meter) {
      this.meter = meter;
    }

    @Override
    public boolean isActive(Operation operation) {
      return operation == Operation.TRAINING;
    }

    @Override
    public void iterationDone(SameDiff graph, At at, MultiDataSet data, Loss loss) {
      meter.stepDone(Double.NaN);
    }
  }
}
