package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.Affine;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An affine layer of 4 to 3 whose derivative by one of its arrays is wrong on purpose. */
public final class BrokenLayer extends ExplicitLayer {
  private static final long WIDTH = 4;
  private static final long OUT = 3;

  private String broken;

  /** For JSON. */
  BrokenLayer() {}

  /**
   * @param broken W, b or input; anything else leaves the layer right
   */
  public BrokenLayer(String broken) {
    this.broken = broken;
  }

  @Override
  protected ExplicitPass explicitPass() {
    Affine kernel = new Affine();
    return new KernelPass<>(
        in -> kernel.forward(in.x(), in.weights(), in.bias(), in.allocator()),
        Affine.Cache::out,
        (dOut, cache, to) -> {
          INDArray dX = kernel.backward(dOut, cache, to.weights(), to.bias(), to.allocator());
          if (to.views().containsKey(broken)) {
            INDArray wrong = to.views().get(broken);
            wrong.putScalar(wrong.length() - 1, 1.00001 * wrong.getDouble(wrong.length() - 1));
          }
          return broken.equals("input") ? dX.muli(-1) : dX;
        });
  }

  @Override
  protected List<?> settings() {
    return List.of(broken);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(OUT);
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    params.addWeightParam(WEIGHTS, WIDTH, OUT);
    params.addBiasParam(BIAS, OUT);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    initialize(params, WIDTH, OUT);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return input.mmul(params.get(WEIGHTS)).add(params.get(BIAS));
  }
}
