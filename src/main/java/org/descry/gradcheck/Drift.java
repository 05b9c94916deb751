package org.descry.gradcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.dnn.Precision;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * How far a network's gradients stray from float32's where its products are in another precision.
 *
 * @param network its name
 * @param rows one a parameter
 */
public record Drift(String network, Precision precision, List<Row> rows) {
  /**
   * The gradient of one parameter.
   *
   * @param distance the norm of the difference, divided by the norm of float32's gradient
   * @param cosine of the angle between the two
   */
  public record Row(String name, List<Long> shape, double distance, double cosine) {
    private static Row of(String name, INDArray exact, INDArray rounded) {
      double[] a = Values.of(exact);
      double[] b = Values.of(rounded);
      double difference = 0;
      double squares = 0;
      double others = 0;
      double products = 0;
      for (int i = 0; i < a.length; i++) {
        difference += (a[i] - b[i]) * (a[i] - b[i]);
        squares += a[i] * a[i];
        others += b[i] * b[i];
        products += a[i] * b[i];
      }
      boolean zero = squares == 0 && others == 0;
      return new Row(
          name,
          LongStream.of(exact.shape()).boxed().toList(),
          zero ? 0 : Math.sqrt(difference / squares),
          zero ? 1 : products / Math.sqrt(squares * others));
    }
  }

  /**
   * @param network in float32; it is copied
   * @throws IllegalStateException if the machine does not have the precision
   */
  public static Drift of(
      String name, ComputationGraph network, MultiDataSet batch, Precision precision) {
    ComputationGraph copy = network.clone();
    copy.getConfiguration().setTrainingWorkspaceMode(WorkspaceMode.NONE);
    copy.initGradientsView();
    Map<String, INDArray> exact = gradients(copy, batch);
    Map<String, INDArray> rounded = precision.during(() -> gradients(copy, batch));
    List<Row> rows = new ArrayList<>();
    exact.forEach((key, gradient) -> rows.add(Row.of(key, gradient, rounded.get(key))));
    return new Drift(name, precision, rows);
  }

  private static Map<String, INDArray> gradients(ComputationGraph network, MultiDataSet batch) {
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.setLayerMaskArrays(batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
    network.computeGradientAndScore();
    Map<String, INDArray> gradients = new TreeMap<>();
    network.gradient().gradientForVariable().forEach((key, g) -> gradients.put(key, g.dup('c')));
    return gradients;
  }
}
