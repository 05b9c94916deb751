package org.descry.model;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.ExplicitLayer;

/**
 * Stages of conv - relu, each with or without a 2x2 max pool, then hidden affine - relu layers,
 * then affine - loss.
 *
 * @param stages the convolutions, in order; at least one
 * @param hidden the widths of the hidden affine layers; may be empty
 * @param weightScale the standard deviation of the initial weights, or 0 for He's (2015) of each
 *     layer
 */
public record ConvNet(
    int channels,
    int height,
    int width,
    int classes,
    List<Stage> stages,
    List<Integer> hidden,
    double weightScale,
    Loss loss)
    implements Classifier {
  /**
   * One convolution with its rectifier.
   *
   * @param filterSize the filters' height and width, odd; padding keeps the picture's size
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
  }

  @Override
  public ComputationGraphConfiguration configuration(Solver solver) {
    GraphBuilder graph =
        solver
            .graph()
            .addInputs(INPUT)
            .setInputTypes(InputType.convolutional(height, width, channels));
    String previous = addStages(graph, INPUT, stages, weightScale, false);
    for (int i = 0; i < hidden.size(); i++) {
      String name = "hidden" + (i + 1);
      graph.addLayer(
          name,
          scaled(new AffineReluLayer.Builder().nOut(hidden.get(i)), weightScale).build(),
          previous);
      previous = name;
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

  /**
   * Adds the stages above the given input, which needs no gradient; returns the last one's name.
   *
   * @param frozen whether the stages keep their parameters
   */
  static String addStages(
      GraphBuilder graph, String input, List<Stage> stages, double weightScale, boolean frozen) {
    String previous = input;
    for (int i = 0; i < stages.size(); i++) {
      String name = stageName(i);
      Layer layer = convolution(stages.get(i), i == 0, weightScale);
      graph.addLayer(name, frozen ? new FrozenLayer(layer) : layer, previous);
      previous = name;
    }
    return previous;
  }

  /** The name of the layer of a stage, the first of which is 0. */
  public static String stageName(int stage) {
    return "conv" + (stage + 1);
  }

  private static Layer convolution(Stage stage, boolean first, double weightScale) {
    int size = stage.filterSize;
    if (stage.pool) {
      var builder =
          new ConvReluPoolLayer.Builder()
              .filters(stage.filters)
              .kernel(size, size)
              .inputGradient(!first);
      return scaled(builder, weightScale).build();
    }
    var builder =
        new ConvReluLayer.Builder().filters(stage.filters).kernel(size, size).inputGradient(!first);
    return scaled(builder, weightScale).build();
  }

  private static <T extends ExplicitLayer.Builder<T>> T scaled(T builder, double weightScale) {
    return weightScale > 0 ? builder.weightScale(weightScale) : builder;
  }
}
