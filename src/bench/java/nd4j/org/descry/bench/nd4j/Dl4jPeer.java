package org.descry.bench.nd4j;

import java.io.IOException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.SequenceSpec;
import org.descry.bench.Trial;
import org.descry.engine.Engine;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's built-in layers in a ComputationGraph. */
public final class Dl4jPeer extends Nd4jPeer {
  public static void main(String[] args) throws IOException {
    Engine.start();
    Trial.run(new Dl4jPeer(), args);
  }

  @Override
  public void train(ConvSpec net, int batch, Meter meter) {
    ComputationGraph graph = graph(net);
    fit(graph, new DataSet(pixels(net, batch), oneHotLabels(net, batch)).toMultiDataSet(), meter);
  }

  @Override
  public void infer(ConvSpec net, int batch, Meter meter) {
    ComputationGraph graph = graph(net);
    INDArray pixels = pixels(net, batch);
    meter.measure(
        () -> {
          graph.output(false, pixels)[0].data().asFloat();
          return Double.NaN;
        });
  }

  @Override
  public void train(SequenceSpec net, int batch, Meter meter) {
    Dl4jSequences.train(net, batch, meter);
  }

  @Override
  public void generate(SequenceSpec net, int batch, int words, Meter meter) {
    Dl4jSequences.generate(net, batch, words, meter);
  }

  private static ComputationGraph graph(ConvSpec net) {
    GraphBuilder builder = OwnGraphs.ofImages(net);
    String last = "image";
    for (int i = 0; i < net.stages().size(); i++) {
      ConvSpec.Stage stage = net.stages().get(i);
      builder.addLayer("conv" + i, convolution(stage), last);
      last = "conv" + i;
      if (stage.pool()) {
        builder.addLayer("pool" + i, maxPool(), last);
        last = "pool" + i;
      }
    }
    for (int i = 0; i < net.hidden().size(); i++) {
      builder.addLayer("hidden" + i, hidden(net.hidden().get(i)), last);
      last = "hidden" + i;
    }
    builder.addLayer("scores", output(net.classes()), last).setOutputs("scores");
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    return graph;
  }

  private static ConvolutionLayer convolution(ConvSpec.Stage stage) {
    return new ConvolutionLayer.Builder(stage.filterSize(), stage.filterSize())
        .stride(1, 1)
        .padding(stage.padding(), stage.padding())
        .nOut(stage.filters())
        .activation(Activation.RELU)
        .build();
  }

  private static SubsamplingLayer maxPool() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(2, 2)
        .stride(2, 2)
        .build();
  }

  private static DenseLayer hidden(int units) {
    return new DenseLayer.Builder().nOut(units).activation(Activation.RELU).build();
  }

  private static OutputLayer output(int classes) {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(classes)
        .activation(Activation.SOFTMAX)
        .build();
  }
}
