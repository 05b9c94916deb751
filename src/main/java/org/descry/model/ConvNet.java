package org.descry.model;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.descry.kernel.Activation;
import org.descry.kernel.BatchNorm;
import org.descry.kernel.Window;
import org.descry.layer.AbstractBlockLayer;
import org.descry.layer.AbstractConvLayer;
import org.descry.layer.AbstractConvPoolLayer;
import org.descry.layer.AffineBatchNormReluLayer;
import org.descry.layer.AffineBlockLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.ConvBatchNormReluLayer;
import org.descry.layer.ConvBatchNormReluPoolLayer;
import org.descry.layer.ConvBlockLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.DiracInit;
import org.descry.layer.DropoutLayer;
import org.descry.layer.ExplicitLayer;

/**
 * Stages of conv - [batch norm] - activation - [max pool] - [dropout], then hidden affine - [batch
 * norm] - activation - [dropout] layers, then affine - loss.
 *
 * @param stages the convolutions, in order; at least one
 * @param hidden the widths of the hidden affine layers; may be empty
 * @param weightScale the standard deviation of the initial weights, or 0 for He's (2015) of each
 *     layer
 * @param batchNorm whether the stages and the hidden layers normalise
 * @param dropout the probability to drop an element of a hidden layer's output, or of the last
 *     stage's where there is no hidden layer; 0 for none
 * @param activation of the stages and the hidden layers
 * @param rates the constants of the batch normalisations
 * @param weights how the weights are drawn where weightScale is 0; null for He's rule
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
    Activation activation,
    BatchNorm.Rates rates,
    IWeightInit weights)
    implements Classifier {
  /**
   * One convolution with its activation.
   *
   * @param pool the window of the max pooling that follows, or null for none
   * @param dropout the probability to drop an element of what the stage gives
   */
  public record Stage(int filters, Window window, Window pool, double dropout) {
    public Stage {
      Settings.atLeastOne("filters", filters);
      Settings.probability("dropout", dropout);
    }

    /**
     * A stage whose convolution keeps the image's size.
     *
     * @param filterSize the filters' height and width, odd
     * @param pool whether a 2x2 max pool follows
     */
    public Stage(int filters, int filterSize, boolean pool) {
      this(filters, same(filterSize), pool ? Window.tiling(2) : null, 0);
    }

    private static Window same(int filterSize) {
      Settings.odd("filterSize", filterSize);
      return Window.same(filterSize);
    }
  }

  /** With the usual batch normalisation and weights by He's rule. */
  public ConvNet(
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
      Activation activation) {
    this(
        channels,
        height,
        width,
        classes,
        stages,
        hidden,
        weightScale,
        loss,
        batchNorm,
        dropout,
        activation,
        BatchNorm.Rates.USUAL,
        null);
  }

  public ConvNet {
    Settings.sizes(channels, height, width, classes);
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

  /** Whether some stage normalises maps of 1 x 1. */
  static boolean shrinkToOnePixel(List<Stage> stages, int height, int width) {
    long h = height;
    long w = width;
    for (Stage stage : stages) {
      h = stage.window.outHeight(h);
      w = stage.window.outWidth(w);
      if (h == 1 && w == 1) {
        return true;
      }
      h = stage.pool == null ? h : stage.pool.outHeight(h);
      w = stage.pool == null ? w : stage.pool.outWidth(w);
    }
    return false;
  }

  /** Height and width of what the last stage gives. */
  static long[] grid(List<Stage> stages, int height, int width) {
    long[] sides = {height, width};
    for (Stage stage : stages) {
      for (Window window : new Window[] {stage.window, stage.pool}) {
        if (window != null) {
          sides[0] = window.outHeight(sides[0]);
          sides[1] = window.outWidth(sides[1]);
        }
      }
    }
    return sides;
  }

  @Override
  public ComputationGraphConfiguration configuration(NetworkSettings solver) {
    GraphBuilder graph = solver.graph().addInputs(INPUT).setInputTypes(inputTypes());
    String previous = addStages(graph, INPUT, stages, look(), false);
    if (hidden.isEmpty()) {
      previous = addDropout(graph, "dropout", dropout, previous);
    }
    for (int i = 0; i < hidden.size(); i++) {
      String name = "hidden" + (i + 1);
      graph.addLayer(name, hidden(hidden.get(i)), previous);
      previous = addDropout(graph, "dropout" + (i + 1), dropout, name);
    }
    return graph
        .addLayer(
            "scores",
            WeightRule.drawn(new AffineLayer.Builder().nOut(classes), weightScale, scoreWeights())
                .build(),
            previous)
        .addLayer(OUTPUT, loss.layer(), "scores")
        .setOutputs(OUTPUT)
        .build();
  }

  /** Scores are no features to be handed on. */
  private IWeightInit scoreWeights() {
    return weights instanceof DiracInit ? null : weights;
  }

  private Look look() {
    return new Look(weightScale, weights, batchNorm ? rates : null, activation);
  }

  static String addDropout(GraphBuilder graph, String name, double probability, String previous) {
    if (probability == 0) {
      return previous;
    }
    graph.addLayer(name, new DropoutLayer.Builder().probability(probability).build(), previous);
    return name;
  }

  private Layer hidden(int size) {
    Look look = look();
    if (look.needsBlock()) {
      var block = new AffineBlockLayer.Builder().activation(activation).batchNorm(look.norm);
      return look.drawn(block.nOut(size)).build();
    }
    return batchNorm
        ? look.drawn(new AffineBatchNormReluLayer.Builder().nOut(size)).build()
        : look.drawn(new AffineReluLayer.Builder().nOut(size)).build();
  }

  /**
   * What the stages share.
   *
   * @param weights null for He's rule
   * @param norm null where nothing is normalised
   */
  record Look(
      double weightScale, IWeightInit weights, BatchNorm.Rates norm, Activation activation) {
    /** Whether the layers with the names of the courses cannot do it. */
    private boolean needsBlock() {
      return activation != Activation.RELU || norm != null && !norm.equals(BatchNorm.Rates.USUAL);
    }

    private <T extends ExplicitLayer.Builder<T>> T drawn(T builder) {
      return WeightRule.drawn(builder, weightScale, weights);
    }
  }

  /**
   * Adds the stages above the given input, which needs no gradient; returns the last one's name.
   *
   * @param frozen whether the stages keep their parameters, and drop nothing
   */
  static String addStages(
      GraphBuilder graph, String input, List<Stage> stages, Look look, boolean frozen) {
    String previous = input;
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      String name = stageName(i);
      Layer layer = convolution(stage, i == 0, look);
      graph.addLayer(name, frozen ? new FrozenLayer(layer) : layer, previous);
      previous = addDropout(graph, "stageDropout" + (i + 1), frozen ? 0 : stage.dropout, name);
    }
    return previous;
  }

  /** The name of the layer of a stage, the first of which is 0. */
  public static String stageName(int stage) {
    return "conv" + (stage + 1);
  }

  /** The activation of a stage of a network, the first of which is 0. */
  public static Activation activation(ComputationGraph network, int stage) {
    return ((AbstractBlockLayer) network.getLayer(stageName(stage)).conf().getLayer()).activation();
  }

  private static Layer convolution(Stage stage, boolean first, Look look) {
    if (look.needsBlock()) {
      var block = new ConvBlockLayer.Builder().activation(look.activation).batchNorm(look.norm);
      return convolution(stage.pool == null ? block : pooling(block, stage), stage, first, look);
    }
    if (look.norm != null) {
      return stage.pool == null
          ? convolution(new ConvBatchNormReluLayer.Builder(), stage, first, look)
          : convolution(
              pooling(new ConvBatchNormReluPoolLayer.Builder(), stage), stage, first, look);
    }
    return stage.pool == null
        ? convolution(new ConvReluLayer.Builder(), stage, first, look)
        : convolution(pooling(new ConvReluPoolLayer.Builder(), stage), stage, first, look);
  }

  private static <T extends AbstractConvPoolLayer.Builder<T>> T pooling(T builder, Stage stage) {
    Window pool = stage.pool;
    return builder
        .pool(pool.height(), pool.width())
        .poolStride(pool.strideHeight(), pool.strideWidth());
  }

  private static <T extends AbstractConvLayer.Builder<T>> Layer convolution(
      T builder, Stage stage, boolean first, Look look) {
    builder.filters(stage.filters).window(stage.window).inputGradient(!first);
    return look.drawn(builder).build();
  }
}
