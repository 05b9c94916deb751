package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the elementwise nonlinearities share: input of any shape, output in the same shape, no
 * parameters.
 */
public abstract class AbstractActivationLayer extends ExplicitLayer {
  AbstractActivationLayer() {}

  AbstractActivationLayer(Builder<?> builder) {
    super(builder);
  }

  @Override
  final List<?> settings() {
    return List.of();
  }

  @Override
  public final void applyGlobalConfigToLayer(NeuralNetConfiguration.Builder global) {
    // There are no weights to initialise.
  }

  @Override
  public final InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }

  @Override
  public final void defineParameters(SDLayerParams params) {
    // None.
  }

  @Override
  public final void initializeParameters(Map<String, INDArray> params) {
    // None.
  }

  /** The forward pass of a kernel, whose output is its cache. */
  interface Forward {
    INDArray forward(INDArray x, Allocator allocator);
  }

  /** The backward pass of a kernel. */
  interface Backward {
    INDArray backward(INDArray dOut, INDArray out, Allocator allocator);
  }

  static ExplicitPass pass(Forward forward, Backward backward) {
    return new ExplicitPass() {
      private INDArray cache;

      @Override
      public INDArray forward(
          INDArray x,
          INDArray mask,
          boolean training,
          Map<String, INDArray> params,
          Allocator allocator) {
        cache = forward.forward(memoryOrder(x), allocator);
        return callersOrder(cache);
      }

      @Override
      public INDArray backward(
          INDArray dOut, Map<String, INDArray> gradients, Allocator allocator) {
        return allocator == null
            ? null
            : callersOrder(backward.backward(memoryOrder(dOut), cache, allocator));
      }
    };
  }

  /** Pictures channels-last and sequences time-major, as the other layers leave them. */
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
