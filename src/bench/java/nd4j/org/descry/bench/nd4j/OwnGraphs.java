package org.descry.bench.nd4j;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.bench.ConvSpec;
import org.descry.bench.Peer;
import org.descry.bench.SequenceSpec;
import org.descry.layer.AbstractConvLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.ConvBatchNormReluLayer;
import org.descry.layer.ConvBatchNormReluPoolLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.Sequences;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.WordEmbeddingLayer;
import org.nd4j.linalg.learning.config.Adam;

/** Graphs that a user puts together by hand from Descry's layers and DL4J's vertices. */
final class OwnGraphs {
  private static final long SEED = 1;

  private OwnGraphs() {}

  static ComputationGraph of(ConvSpec net) {
    if (net.batchNorm() && !net.hidden().isEmpty()) {
      throw new IllegalArgumentException("expected no hidden layers beside batch normalisation");
    }
    GraphBuilder graph = ofImages(net);
    String last = "image";
    for (int i = 0; i < net.stages().size(); i++) {
      last = stage(graph, net, i, last);
    }
    for (int i = 0; i < net.hidden().size(); i++) {
      String name = "hidden" + i;
      graph.addLayer(name, new AffineReluLayer.Builder().nOut(net.hidden().get(i)).build(), last);
      last = name;
    }
    graph
        .addLayer("scores", new AffineLayer.Builder().nOut(net.classes()).build(), last)
        .addLayer("classes", new SoftmaxLossLayer(), "scores")
        .setOutputs("classes");
    return DescryPeer.graph(graph.build());
  }

  /** A graph without layers yet. */
  static GraphBuilder ofImages(ConvSpec net) {
    return new NeuralNetConfiguration.Builder()
        .seed(SEED)
        .updater(new Adam(Peer.LEARNING_RATE))
        .l2(ConvSpec.L2)
        .graphBuilder()
        .addInputs("image")
        .setInputTypes(InputType.convolutional(net.height(), net.width(), net.channels()));
  }

  private static String stage(GraphBuilder graph, ConvSpec net, int i, String below) {
    ConvSpec.Stage stage = net.stages().get(i);
    String last = "conv" + i;
    graph.addLayer(last, convolution(stage, net.batchNorm(), stage.pool(), i > 0), below);
    for (int block = 0; block < stage.blocks(); block++) {
      String name = last + "b";
      graph
          .addLayer(name + 1, convolution(stage, net.batchNorm(), false, true), last)
          .addLayer(name + 2, convolution(stage, net.batchNorm(), false, true), name + 1)
          .addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), last, name + 2);
      last = name;
    }
    return last;
  }

  private static Layer convolution(
      ConvSpec.Stage stage, boolean batchNorm, boolean pool, boolean inputGradient) {
    AbstractConvLayer.Builder<?> builder;
    if (pool) {
      builder =
          batchNorm ? new ConvBatchNormReluPoolLayer.Builder() : new ConvReluPoolLayer.Builder();
    } else {
      builder = batchNorm ? new ConvBatchNormReluLayer.Builder() : new ConvReluLayer.Builder();
    }
    builder.filters(stage.filters()).kernel(stage.filterSize(), stage.filterSize());
    return builder.inputGradient(inputGradient).build();
  }

  /** A captioner. */
  static ComputationGraph of(SequenceSpec net) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(SEED)
            .updater(new Adam(Peer.LEARNING_RATE))
            .graphBuilder()
            .addInputs("image", "words")
            .setInputTypes(InputType.feedForward(net.features()), Sequences.words(net.steps()))
            .addLayer(
                "projection",
                new AffineLayer.Builder().nOut(net.stateWidth()).inputGradient(false).build(),
                "image")
            .addLayer(
                "embedding",
                new WordEmbeddingLayer.Builder()
                    .vocabulary(net.vocabulary())
                    .width(net.embedding())
                    .build(),
                "words")
            .addVertex(
                "rnn",
                new RnnVertex(
                    DescryPeer.cell(net),
                    net.embedding(),
                    net.hidden(),
                    net.layers(),
                    false,
                    true,
                    0),
                "embedding",
                "projection")
            .addLayer(
                "scores", new TemporalAffineLayer.Builder().nOut(net.vocabulary()).build(), "rnn")
            .addLayer("loss", new TemporalSoftmaxLossLayer(), "scores")
            .setOutputs("loss");
    return DescryPeer.graph(graph.build());
  }
}
