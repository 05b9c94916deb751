package org.descry.model;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.descry.kernel.Activation;
import org.descry.layer.AbstractConvLayer;
import org.descry.layer.AffineBatchNormReluLayer;
import org.descry.layer.AffineBlockLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.ConvBatchNormReluLayer;
import org.descry.layer.ConvBatchNormReluPoolLayer;
import org.descry.layer.ConvBlockLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.DropoutLayer;
import org.descry.layer.ExplicitLayer;

/**
 * Stages of conv - [batch norm] - activation, each with or without a 2x2 max pool, then hidden
 * affine - [batch norm] - activation - [dropout] layers, then affine - loss.
 *
 * @param stages the convolutions, in order; at least one
 * @param hidden the widths of the hidden affine layers; may be empty
 * @param weightScale the standard deviation of the initial weights, or 0 for He's (2015) of each
 *     layer
 * @param batchNorm whether the stages and the hidden layers normalise
 * @param dropout the probability to drop an element of a hidden layer's output, or of the last
 *     stage's where there is no hidden layer; 0 for none
 * @param activation of the stages and the hidden layers
 */
public record ConvNet(
    int channels,
    int height,
    int width,
    int classes,
    List<Stage> stages,
    List<Integer> hidden,
    double weightScale,
    Loss loss,
    boolean batchNorm,
    double dropout,
    Activation activation)
    implements Classifier {
  /**
   * One convolution with its rectifier.
   *
   * @param filterSize the filters' height and width, odd; padding keeps the image's size
   * @param pool whether a 2x2 max pool follows
   */
  public record Stage(int filters, int filterSize, boolean pool) {
    public Stage {
      Settings.atLeastOne("filters", filters);
      Settings.odd("filterSize", filterSize);
    }
  }

  public ConvNet {
    Settings.atLeastOne("channels", channels);
    Settings.atLeastOne("height", height);
    Settings.atLeastOne("width", width);
    Settings.atLeastOne("classes", classes);
    stages = List.copyOf(stages);
    hidden = List.copyOf(hidden);
    Settings.atLeastOne("the number of stages", stages.size());
    hidden.forEach(size -> Settings.atLeastOne("hidden", size));
    Settings.atLeastZero("weightScale", weightScale);
    Settings.probability("dropout", dropout);
  }

  @Override
  public boolean needsSeveral() {
    return batchNorm && (!hidden.isEmpty() || shrinkToOnePixel(stages, height, width));
  }

  /** Whether some stage convolves maps of 1 x 1. */
  static boolean shrinkToOnePixel(List<Stage> stages, int height, int width) {
    int h = height;
    int w = width;
    for (Stage stage : stages) {
      if (h == 1 && w == 1) {
        return true;
      }
      h = stage.pool ? h / 2 : h;
      w = stage.pool ? w / 2 : w;
    }
    return false;
  }

  @Override
  public ComputationGraphConfiguration configuration(NetworkSettings solver) {
    GraphBuilder graph =
        solver
            .graph()
            .addInputs(INPUT)
            .setInputTypes(InputType.convolutional(height, width, channels));
    String previous = addStages(graph, INPUT, stages, weightScale, batchNorm, activation, false);
    if (hidden.isEmpty()) {
      previous = addDropout(graph, "dropout", previous);
    }
    for (int i = 0; i < hidden.size(); i++) {
      String name = "hidden" + (i + 1);
      graph.addLayer(name, hidden(hidden.get(i)), previous);
      previous = addDropout(graph, "dropout" + (i + 1), name);
    }
    return graph
        .addLayer(
            "scores",
            scaled(new AffineLayer.Builder().nOut(classes), weightScale).build(),
            previous)
        .addLayer(OUTPUT, loss.layer(), "scores")
        .setOutputs(OUTPUT)
        .build();
  }

  private String addDropout(GraphBuilder graph, String name, String previous) {
    if (dropout == 0) {
      return previous;
    }
    graph.addLayer(name, new DropoutLayer.Builder().probability(dropout).build(), previous);
    return name;
  }

  private Layer hidden(int size) {
    if (activation != Activation.RELU) {
      var block = new AffineBlockLayer.Builder().activation(activation).batchNorm(batchNorm);
      return scaled(block.nOut(size), weightScale).build();
    }
    return batchNorm
        ? scaled(new AffineBatchNormReluLayer.Builder().nOut(size), weightScale).build()
        : scaled(new AffineReluLayer.Builder().nOut(size), weightScale).build();
  }

  /**
   * Adds the stages above the given input, which needs no gradient; returns the last one's name.
   *
   * @param frozen whether the stages keep their parameters
   */
  static String addStages(
      GraphBuilder graph,
      String input,
      List<Stage> stages,
      double weightScale,
      boolean batchNorm,
      Activation activation,
      boolean frozen) {
    String previous = input;
    for (int i = 0; i < stages.size(); i++) {
      String name = stageName(i);
      Layer layer = convolution(stages.get(i), i == 0, weightScale, batchNorm, activation);
      graph.addLayer(name, frozen ? new FrozenLayer(layer) : layer, previous);
      previous = name;
    }
    return previous;
  }

  /** The name of the layer of a stage, the first of which is 0. */
  public static String stageName(int stage) {
    return "conv" + (stage + 1);
  }

  private static Layer convolution(
      Stage stage, boolean first, double weightScale, boolean batchNorm, Activation activation) {
    if (activation != Activation.RELU) {
      var block = new ConvBlockLayer.Builder().activation(activation).batchNorm(batchNorm);
      return convolution(stage.pool ? block.pool(2, 2) : block, stage, first, weightScale);
    }
    if (batchNorm) {
      return stage.pool
          ? convolution(new ConvBatchNormReluPoolLayer.Builder(), stage, first, weightScale)
          : convolution(new ConvBatchNormReluLayer.Builder(), stage, first, weightScale);
    }
    return stage.pool
        ? convolution(new ConvReluPoolLayer.Builder(), stage, first, weightScale)
        : convolution(new ConvReluLayer.Builder(), stage, first, weightScale);
  }

  private static <T extends AbstractConvLayer.Builder<T>> Layer convolution(
      T builder, Stage stage, boolean first, double weightScale) {
    builder.filters(stage.filters).kernel(stage.filterSize, stage.filterSize).inputGradient(!first);
    return scaled(builder, weightScale).build();
  }

  private static <T extends ExplicitLayer.Builder<T>> T scaled(T builder, double weightScale) {
    return weightScale > 0 ? builder.weightScale(weightScale) : builder;
  }
}
