package org.descry.testing;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The networks of DL4J's own layers that the contracts put a layer into. */
final class Networks {
  static final String SUBJECT = "subject";
  static final String POOLED = "pooled";
  static final String HEAD = "head";
  static final int CLASSES = 3;
  static final double LEARNING_RATE = 0.01;

  private Networks() {}

  static NeuralNetConfiguration.Builder settings(DataType type) {
    return new NeuralNetConfiguration.Builder()
        .seed(11)
        .dataType(type)
        .updater(new Sgd(LEARNING_RATE));
  }

  /** Adds a classifier to the subject, on the average of its places where its output has some. */
  static ComputationGraph classifying(GraphBuilder builder, InputType subjectOutput) {
    if (!isFlat(subjectOutput)) {
      builder.addLayer(POOLED, pooling(subjectOutput), SUBJECT);
    }
    builder.addLayer(HEAD, classifier(), features(subjectOutput)).setOutputs(HEAD);
    return initialized(builder);
  }

  static ComputationGraph initialized(GraphBuilder builder) {
    ComputationGraph network = new ComputationGraph(builder.build());
    network.init();
    return network;
  }

  /** The vertex that the classifier reads. */
  static String features(InputType subjectOutput) {
    return isFlat(subjectOutput) ? SUBJECT : POOLED;
  }

  static OutputLayer classifier() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .activation(Activation.SOFTMAX)
        .nOut(CLASSES)
        .build();
  }

  private static boolean isFlat(InputType type) {
    return type instanceof InputType.InputTypeFeedForward;
  }

  private static GlobalPoolingLayer pooling(InputType type) {
    var pooling = new GlobalPoolingLayer.Builder(PoolingType.AVG);
    if (type instanceof InputType.InputTypeRecurrent sequence) {
      pooling.poolingDimensions(sequence.getFormat() == RNNFormat.NWC ? 1 : 2);
    }
    return pooling.build();
  }
}
