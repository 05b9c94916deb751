package org.descry.train.step;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.descry.DivergedException;
import org.descry.job.TrainingSettings;
import org.descry.replay.GradientListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Notices that a training has diverged and finds out where. */
public final class Divergence {
  private final ComputationGraph network;
  private final Batches batches;
  private final double learningRate;
  private final double explosion;

  public Divergence(ComputationGraph network, Batches batches, TrainingSettings settings) {
    this.network = network;
    this.batches = batches;
    learningRate = settings.optimizer().learningRate();
    explosion = settings.explosion();
  }

  /**
   * @param first loss of the training's first step
   * @throws DivergedException that says where, if it is not finite or has exploded
   */
  public void requireSane(double loss, double first, int epoch) {
    double most = explosion * Math.max(1, first);
    if (explosion > 0 && loss > most && Double.isFinite(loss)) {
      String what =
          String.format(
              Locale.ROOT,
              "The loss is %.3g, over %s times the first step's %.3g",
              loss,
              BigDecimal.valueOf(explosion).stripTrailingZeros().toPlainString(),
              first);
      throw diverged(what, epoch, explosion);
    }
    requireFinite(loss, epoch);
  }

  /**
   * @return the loss
   * @throws DivergedException that says where, if it is not finite
   */
  public double requireFinite(double loss, int epoch) {
    if (!Double.isFinite(loss)) {
      throw diverged("The loss is " + loss, epoch, Double.MAX_VALUE);
    }
    return loss;
  }

  /** A rectifier or a maximum hides NaN in the layers below it from the loss. */
  public void requireFiniteParameters(int epoch) {
    double sum = network.params().sumNumber().doubleValue();
    if (!Double.isFinite(sum)) {
      throw diverged("The sum of the parameters is " + sum, epoch, Double.MAX_VALUE);
    }
  }

  private DivergedException diverged(String what, int epoch, double most) {
    boolean untrained = epoch == 1 && batches.step() == 1;
    return new DivergedException(
        "%s in epoch %s, step %s%s: %s."
            .formatted(
                what,
                epoch,
                batches.step(),
                batches.latest() == null ? "" : origin(network, batches.latest(), most),
                untrained
                    ? "before anything was learnt; expected smaller initial weights, weights of"
                        + " classes or penalties (model.weightScale, training.classWeights,"
                        + " training.l2)"
                    : "training has diverged; expected a smaller training.optimizer.learningRate than %s (or training.gradientClipping)"
                        .formatted(learningRate)));
  }

  /**
   * Where the first number is that is not finite, or the first activation that is too large. What
   * is in the parameters came from gradients, which are known where their norms are looked at: to
   * clip them by the norm of all, or to watch the layers.
   *
   * @param batch of the step
   * @param most largest activation of a network that is sound
   * @return part of a sentence; empty if it cannot be said
   */
  static String origin(ComputationGraph network, MultiDataSet batch, double most) {
    for (INDArray input : batch.getFeatures()) {
      if (!isFinite(input)) {
        return " (first in the batch itself)";
      }
    }
    String parameters = null;
    for (Layer layer : network.getLayers()) {
      if (layer.numParams() > 0 && !isFinite(layer.params())) {
        parameters = layer.conf().getLayer().getLayerName(); // the nearest to the loss
      }
    }
    if (parameters != null) {
      for (TrainingListener listener : network.getListeners()) {
        String gradients =
            listener instanceof GradientListener of ? of.firstNotFinite(network) : null;
        if (gradients != null) {
          return " (first in the gradients of layer %s, in an earlier step)".formatted(gradients);
        }
      }
      return " (first in the parameters of layer %s)".formatted(parameters);
    }
    return activations(network, batch, most);
  }

  private static String activations(ComputationGraph network, MultiDataSet batch, double most) {
    Map<String, INDArray> activations;
    try {
      activations = network.feedForward(batch.getFeatures(), true);
    } catch (RuntimeException e) {
      return ""; // the loss that is not finite is what is to be told
    }
    for (int vertex : network.topologicalSortOrder()) {
      String name = network.getVertices()[vertex].getVertexName();
      INDArray output = activations.get(name);
      if (output != null && (!isFinite(output) || largest(output) > most)) {
        return " (first in the activations of layer %s)".formatted(name);
      }
    }
    return "";
  }

  private static double largest(INDArray array) {
    return array.dataType().isFPType() ? array.amaxNumber().doubleValue() : 0;
  }

  private static boolean isFinite(INDArray array) {
    return !array.dataType().isFPType() || Double.isFinite(array.sumNumber().doubleValue());
  }
}
