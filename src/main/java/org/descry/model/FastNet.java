package org.descry.model;

import java.util.List;
import java.util.function.Supplier;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.descry.kernel.Activation;
import org.descry.kernel.BatchNorm;
import org.descry.kernel.Window;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvBlockLayer;
import org.descry.layer.DiracInit;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.Normalization;
import org.descry.layer.ScaleLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The network of the CIFAR-10 speed runs (Page 2019; Jordan 2024, "94% on CIFAR-10 in 3.29
 * seconds"): a 2 x 2 convolution that whitens, of which the biases alone learn, then stages of conv
 * - pool - batch norm - GELU - conv - batch norm - GELU, a last pooling, a linear map, scaled
 * scores. The convolutions of the stages begin as identities as far as their inputs reach; they and
 * the linear map have no biases and the batch norms no scales: those stay 0 and 1. Weights that are
 * drawn are uniform up to 1 / sqrt(inputs).
 *
 * @param stages the filters of each stage
 * @param scale what the scores are multiplied by
 * @param rates the constants of the batch normalisations
 */
public record FastNet(
    int channels,
    int height,
    int width,
    int classes,
    List<Integer> stages,
    double scale,
    Loss loss,
    BatchNorm.Rates rates)
    implements Classifier {
  /** The layer that whitens. */
  public static final String WHITENING = "whitening";

  private static final int PATCH = 2;
  private static final int LAST_POOL = 3;

  /** Keeps directions without variance from being blown up. */
  private static final double LEAST_VARIANCE = 5e-4;

  public FastNet {
    Settings.sizes(channels, height, width, classes);
    stages = List.copyOf(stages);
    Settings.atLeastOne("the number of stages", stages.size());
    stages.forEach(filters -> Settings.atLeastOne("stages", filters));
  }

  @Override
  public boolean needsSeveral() {
    return side(height) == 1 && side(width) == 1;
  }

  /** Of the last map, before it is pooled. */
  private int side(int size) {
    return size - 1 >> stages.size();
  }

  @Override
  public ComputationGraphConfiguration configuration(NetworkSettings solver) {
    if (Math.min(side(height), side(width)) < 1) {
      throw new IllegalArgumentException(
          "expected images of at least %s pixels each way for %s stages, got %s x %s"
              .formatted((1 << stages.size()) + 1, stages.size(), height, width));
    }
    GraphBuilder graph = solver.graph().addInputs(INPUT).setInputTypes(inputTypes());
    graph.addLayer(
        WHITENING,
        new ConvBlockLayer.Builder()
            .filters(2L * PATCH * PATCH * channels)
            .window(new Window(PATCH, PATCH, 1, 1, 0, 0))
            .activation(Activation.GELU)
            .fixed(ExplicitLayer.WEIGHTS)
            .biasUpdater(solver.updater()) // what hastens those of batch norms is too fast here
            .inputGradient(false)
            .build(),
        INPUT);
    String previous = WHITENING;
    for (int i = 0; i < stages.size(); i++) {
      String name = "stage" + (i + 1);
      boolean last = i == stages.size() - 1;
      graph
          .addLayer(name + "-a", conv(stages.get(i)).pool(2, 2).poolsEarly(true).build(), previous)
          .addLayer(
              name + "-b",
              (last ? pooledLast(stages.get(i)) : conv(stages.get(i))).build(),
              name + "-a");
      previous = name + "-b";
    }
    return graph
        .addLayer(
            "scores",
            new AffineLayer.Builder()
                .nOut(classes)
                .weightInit(WeightInit.UNIFORM)
                .fixed(ExplicitLayer.BIAS)
                .build(),
            previous)
        .addLayer("scaled", new ScaleLayer.Builder().factor(scale).build(), "scores")
        .addLayer(OUTPUT, loss.layer(), "scaled")
        .setOutputs(OUTPUT)
        .build();
  }

  private ConvBlockLayer.Builder conv(int filters) {
    return new ConvBlockLayer.Builder()
        .filters(filters)
        .batchNorm(rates)
        .fixed(ExplicitLayer.BIAS, Normalization.GAMMA)
        .activation(Activation.GELU)
        .weightInit(ExplicitLayer.WEIGHTS, new DiracInit(WeightInit.UNIFORM));
  }

  private ConvBlockLayer.Builder pooledLast(int filters) {
    return conv(filters).pool(Math.min(LAST_POOL, side(height)), Math.min(LAST_POOL, side(width)));
  }

  /**
   * Sets the whitening convolution: the principal directions of all 2 x 2 patches, each divided by
   * its standard deviation, and their negatives.
   */
  @Override
  public void prepare(ComputationGraph network, Supplier<INDArray> images) {
    INDArray weights = network.getLayer(WHITENING).paramTable().get(ExplicitLayer.WEIGHTS);
    int length = channels * PATCH * PATCH;
    EigenDecomposition axes =
        new EigenDecomposition(new Array2DRowRealMatrix(covariance(images.get(), length)));
    double[][] filters = new double[2 * length][];
    for (int i = 0; i < length; i++) {
      double deviation = Math.sqrt(Math.max(0, axes.getRealEigenvalue(i)) + LEAST_VARIANCE);
      filters[i] = axes.getEigenvector(i).mapDivide(deviation).toArray();
      filters[length + i] = axes.getEigenvector(i).mapDivide(-deviation).toArray();
    }
    weights.assign(Nd4j.createFromArray(filters).reshape('c', weights.shape()));
  }

  /** The mean products of a patch's values, in the order channel, row, column. */
  private double[][] covariance(INDArray images, int length) {
    long rows = images.size(2) - PATCH + 1;
    long columns = images.size(3) - PATCH + 1;
    INDArray patches = Nd4j.create(images.dataType(), length, images.size(0) * rows * columns);
    for (int i = 0; i < length; i++) {
      int row = i / PATCH % PATCH;
      int column = i % PATCH;
      INDArray values =
          images.get(
              NDArrayIndex.all(),
              NDArrayIndex.point(i / (PATCH * PATCH)),
              NDArrayIndex.interval(row, row + rows),
              NDArrayIndex.interval(column, column + columns));
      patches.getRow(i).assign(values.dup('c').ravel());
    }
    return patches.mmul(patches.transpose()).divi(patches.size(1)).toDoubleMatrix();
  }
}
