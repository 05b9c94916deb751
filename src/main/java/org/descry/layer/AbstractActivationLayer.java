package org.descry.layer;

import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.descry.kernel.Elementwise;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the elementwise nonlinearities share: input of any shape, output in the same shape, no
 * parameters.
 */
abstract class AbstractActivationLayer extends ExplicitLayer {
  AbstractActivationLayer() {}

  AbstractActivationLayer(Builder<?> builder) {
    super(builder);
  }

  @Override
  public final void applyGlobalConfigToLayer(NeuralNetConfiguration.Builder global) {
    // There are no weights to initialise.
  }

  /** What the layer applies. */
  abstract Elementwise kernel();

  /** The same as a SameDiff graph. */
  abstract SDVariable define(SDVariable x);

  @Override
  protected final ExplicitPass explicitPass() {
    Elementwise kernel = kernel();
    return KernelPass.ofInput(
        in -> kernel.forward(memoryOrder(in.x()), in.allocator()),
        cache -> callersOrder(cache.out()),
        (dOut, cache, allocator) ->
            callersOrder(kernel.backward(memoryOrder(dOut), cache, allocator)));
  }

  @Override
  public final SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return define(input);
  }

  /** Images channels-last and sequences time-major, as the other layers leave them. */
  private static INDArray memoryOrder(INDArray x) {
    return switch (x.rank()) {
      case 3 -> x.permute(1, 0, 2);
      case 4 -> x.permute(0, 2, 3, 1);
      default -> x;
    };
  }

  private static INDArray callersOrder(INDArray x) {
    return switch (x.rank()) {
      case 3 -> x.permute(1, 0, 2);
      case 4 -> x.permute(0, 3, 1, 2);
      default -> x;
    };
  }
}
