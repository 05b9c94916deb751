package org.descry.bench.nd4j;

import java.io.IOException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.bench.Batches;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.Trial;
import org.descry.engine.Engine;
import org.descry.model.Classifier;
import org.descry.model.ConvNet;
import org.descry.model.Loss;
import org.descry.model.Solver;
import org.descry.model.ThreeLayerConvNet;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Descry's layers in a ComputationGraph, fed as its own data pipeline does. */
public final class DescryPeer extends Nd4jPeer {
  private static final long SEED = 1;
  private static final double HE_WEIGHTS = 0;

  public static void main(String[] args) throws IOException {
    Engine.start();
    Trial.run(new DescryPeer(), args);
  }

  @Override
  public void train(ConvSpec net, int batch, Meter meter) {
    ComputationGraph graph = graph(net);
    DataSet data = new DataSet(channelsLastPixels(net, batch), oneHotLabels(net, batch));
    meter.measure(
        () -> {
          graph.fit(data);
          return graph.score();
        });
  }

  @Override
  public void infer(ConvSpec net, int batch, Meter meter) {
    ComputationGraph graph = graph(net);
    INDArray pixels = channelsLastPixels(net, batch);
    meter.measure(
        () -> {
          graph.output(false, pixels)[0].data().asFloat();
          return Double.NaN;
        });
  }

  /** Shape N x C x H x W seen through N x H x W x C memory. */
  private static INDArray channelsLastPixels(ConvSpec net, int batch) {
    return Nd4j.createFromArray(Batches.pixelsChannelsLast(net, batch))
        .reshape(batch, net.height(), net.width(), net.channels())
        .permute(0, 3, 1, 2);
  }

  private static ComputationGraph graph(ConvSpec net) {
    Solver solver = Solver.of(SEED, new Adam(ConvSpec.LEARNING_RATE)).withL2(ConvSpec.L2);
    ComputationGraph graph = new ComputationGraph(classifier(net).configuration(solver));
    graph.init();
    return graph;
  }

  private static Classifier classifier(ConvSpec net) {
    if (net.equals(ConvSpec.THREE_LAYER)) {
      ConvSpec.Stage stage = net.stages().get(0);
      return new ThreeLayerConvNet(
          net.channels(),
          net.height(),
          net.width(),
          net.classes(),
          stage.filters(),
          stage.filterSize(),
          net.hidden().get(0),
          HE_WEIGHTS,
          Loss.SOFTMAX);
    }
    return new ConvNet(
        net.channels(),
        net.height(),
        net.width(),
        net.classes(),
        net.stages().stream()
            .map(stage -> new ConvNet.Stage(stage.filters(), stage.filterSize(), stage.pool()))
            .toList(),
        net.hidden(),
        HE_WEIGHTS,
        Loss.SOFTMAX);
  }
}
