package org.descry.bench.nd4j;

import java.io.IOException;
import java.util.Map;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.Peer;
import org.descry.bench.SequenceSpec;
import org.descry.bench.Trial;
import org.descry.engine.Engine;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.dataset.MultiDataSet;
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
    graph
        .loss()
        .softmaxCrossEntropy(SameDiffTraining.LOSS, labels, graph.getVariable("scores"), null);
    TrainingConfig config =
        new TrainingConfig.Builder()
            .updater(new Adam(Peer.LEARNING_RATE))
            .l2(ConvSpec.L2)
            .dataSetFeatureMapping("image")
            .dataSetLabelMapping("labels")
            .build();
    MultiDataSet data = new MultiDataSet(pixels(net, batch), oneHotLabels(net, batch));
    SameDiffTraining.run(graph, config, data, meter);
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

  @Override
  public void train(SequenceSpec net, int batch, Meter meter) {
    Nd4j.getRandom().setSeed(SEED);
    SameDiffSequences.train(net, batch, meter);
  }

  @Override
  public void generate(SequenceSpec net, int batch, int words, Meter meter) {
    Nd4j.getRandom().setSeed(SEED);
    SameDiffSequences.generate(net, batch, words, meter);
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

  private static SDVariable affine(SameDiff graph, SDVariable x, int in, int out) {
    return SameDiffTraining.affine(x, weights(graph, in, in, out));
  }

  private static SDVariable weights(SameDiff graph, int fanIn, long... shape) {
    return SameDiffTraining.normal(graph, Math.sqrt(2.0 / fanIn), shape);
  }
}
