package org.descry.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.descry.kernel.Activation;
import org.descry.kernel.BatchNorm;
import org.descry.kernel.Window;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvBlockLayer;
import org.descry.layer.GlobalAveragePoolLayer;
import org.descry.layer.IdentityShortcutLayer;
import org.descry.layer.ReluLayer;
import org.descry.layer.ScaleLayer;

/**
 * A residual network for small images. Of depth 6n + 2 it is the CIFAR form of He et al. (2016): a
 * convolution, three groups of n basic blocks at full, half and quarter size with 1, 2 and 4 times
 * {@code filters} filters, global average, affine. Of depth 9 it is the network of the speed runs:
 * a convolution, then conv - pool at 2, 4 and 8 times {@code filters} filters, the first and the
 * last followed by a basic block, global average, affine. Every convolution is 3 x 3 and
 * normalised.
 *
 * @param depth 6n + 2, or 9
 * @param filters of the first convolution
 * @param shortcut what stands for the input of a block of another size
 * @param scale what the scores are multiplied by
 * @param rates the constants of the batch normalisations
 */
public record ResNet(
    int channels,
    int height,
    int width,
    int classes,
    int depth,
    int filters,
    Shortcut shortcut,
    double scale,
    Loss loss,
    BatchNorm.Rates rates)
    implements Classifier {
  private static final int NINE = 9;

  /** What a block of another size adds its result to. */
  public enum Shortcut {
    /** Every second pixel, and zeros for the new channels; no parameters. */
    IDENTITY,
    /** A normalised 1 x 1 convolution with stride 2. */
    PROJECTION
  }

  public ResNet {
    Settings.sizes(channels, height, width, classes);
    Settings.atLeastOne("filters", filters);
    if (depth != NINE && (depth < 8 || (depth - 2) % 6 != 0)) {
      throw new IllegalArgumentException(
          "depth is %s, but expected 6n + 2, such as 20, 32 or 56, or 9".formatted(depth));
    }
  }

  @Override
  public boolean needsSeveral() {
    int divisor = depth == NINE ? 8 : 4;
    return (height + divisor - 1) / divisor * ((width + divisor - 1) / divisor) == 1;
  }

  @Override
  public ComputationGraphConfiguration configuration(NetworkSettings solver) {
    GraphBuilder graph = solver.graph().addInputs(INPUT).setInputTypes(inputTypes());
    graph.addLayer("conv1", conv(filters, 1, Activation.RELU).inputGradient(false).build(), INPUT);
    String features = depth == NINE ? nine(graph) : groups(graph);
    graph
        .addLayer("mean", new GlobalAveragePoolLayer.Builder().build(), features)
        .addLayer("scores", new AffineLayer.Builder().nOut(classes).build(), "mean");
    String scores = "scores";
    if (scale != 1) {
      scores = "scaled";
      graph.addLayer(scores, new ScaleLayer.Builder().factor(scale).build(), "scores");
    }
    return graph.addLayer(OUTPUT, loss.layer(), scores).setOutputs(OUTPUT).build();
  }

  private String groups(GraphBuilder graph) {
    String previous = "conv1";
    for (int group = 0; group < 3; group++) {
      for (int block = 0; block < (depth - 2) / 6; block++) {
        boolean shrinks = group > 0 && block == 0;
        String name = "block" + (group + 1) + "-" + (block + 1);
        previous = block(graph, name, previous, filters << group, shrinks);
      }
    }
    return previous;
  }

  private String nine(GraphBuilder graph) {
    String previous = "conv1";
    for (int group = 1; group <= 3; group++) {
      String name = "conv" + (group + 1);
      graph.addLayer(name, conv(filters << group, 1, Activation.RELU).pool(2, 2).build(), previous);
      previous = name;
      if (group != 2) {
        previous = block(graph, "block" + group, name, filters << group, false);
      }
    }
    return previous;
  }

  private String block(
      GraphBuilder graph, String name, String input, int channelsOut, boolean shrinks) {
    int stride = shrinks ? 2 : 1;
    graph
        .addLayer(name + "-a", conv(channelsOut, stride, Activation.RELU).build(), input)
        .addLayer(name + "-b", conv(channelsOut, 1, Activation.NONE).build(), name + "-a");
    String shortcutName = input;
    if (shrinks) {
      shortcutName = name + "-shortcut";
      graph.addLayer(
          shortcutName,
          switch (shortcut) {
            case IDENTITY ->
                new IdentityShortcutLayer.Builder().channels(channelsOut).stride(stride).build();
            case PROJECTION ->
                new ConvBlockLayer.Builder()
                    .filters(channelsOut)
                    .window(new Window(1, 1, stride, stride, 0, 0))
                    .batchNorm(rates)
                    .activation(Activation.NONE)
                    .build();
          },
          input);
    }
    graph
        .addVertex(
            name + "-sum",
            new ElementWiseVertex(ElementWiseVertex.Op.Add),
            name + "-b",
            shortcutName)
        .addLayer(name, new ReluLayer.Builder().build(), name + "-sum");
    return name;
  }

  private ConvBlockLayer.Builder conv(int count, int stride, Activation activation) {
    return new ConvBlockLayer.Builder()
        .filters(count)
        .window(new Window(3, 3, stride, stride, 1, 1))
        .batchNorm(rates)
        .activation(activation);
  }
}
