package org.descry.layer;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Weights that hand their input on: filter f of a convolution (F x C x HH x WW) is 1 at the centre
 * of channel f, column m of an affine map (D x M) is 1 at row m. Outputs beyond the inputs are
 * drawn by another rule, or zero.
 */
public final class DiracInit implements IWeightInit {
  private final WeightInit others;

  /**
   * @param others how outputs beyond the inputs are drawn; null for zeros
   */
  public DiracInit(@JsonProperty("others") WeightInit others) {
    this.others = others;
  }

  public WeightInit getOthers() {
    return others;
  }

  @Override
  public INDArray init(double fanIn, double fanOut, long[] shape, char order, INDArray paramView) {
    INDArray weights = paramView.reshape(order, shape);
    boolean images = shape.length == 4;
    int inputs = (int) (images ? shape[1] : shape[0]);
    int outputs = (int) (images ? shape[0] : shape[1]);
    double[] values = new double[Math.toIntExact(paramView.length())];
    if (others != null && outputs > inputs) {
      others.getWeightInitFunction().init(fanIn, fanOut, shape, order, paramView);
      values = weights.dup('c').data().asDouble();
    }
    int pixels = images ? (int) (shape[2] * shape[3]) : 1;
    int centre = images ? (int) ((shape[2] - 1) / 2 * shape[3] + (shape[3] - 1) / 2) : 0;
    for (int i = 0; i < Math.min(inputs, outputs); i++) {
      for (int in = 0; in < inputs; in++) {
        int at = (images ? i * inputs + in : in * outputs + i) * pixels;
        Arrays.fill(values, at, at + pixels, 0);
        values[at + centre] = in == i ? 1 : 0;
      }
    }
    weights.assign(Nd4j.createFromArray(values).reshape('c', shape));
    return weights;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DiracInit init && init.others == others;
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(others);
  }
}
