package org.descry.layer;

import java.util.Map;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.descry.engine.Allocator;
import org.descry.kernel.BatchNorm;
import org.descry.kernel.BlockGradients;
import org.descry.kernel.BlockParameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The passes of a layer that is one kernel: it keeps the cache that the kernel's forward pass
 * leaves for its backward pass.
 *
 * @param <C> the kernel's cache
 */
final class KernelPass<C> implements ExplicitPass {
  private final Forward<C> forward;
  private final Function<C, INDArray> out;
  private final Backward<C> backward;
  private C cache;
  private int iteration;
  private boolean apart = true;

  /**
   * @param out what the layer gives, from the cache
   */
  KernelPass(Forward<C> forward, Function<C, INDArray> out, Backward<C> backward) {
    this.forward = forward;
    this.out = out;
    this.backward = backward;
  }

  /** Of a kernel without parameters: it writes the input's gradient, unless nobody needs it. */
  static <C> KernelPass<C> ofInput(
      Forward<C> forward, Function<C, INDArray> out, InputBackward<C> backward) {
    return new KernelPass<>(
        forward,
        out,
        (dOut, cache, to) ->
            to.allocator() == null ? null : backward.run(dOut, cache, to.allocator()));
  }

  /** The same passes, of a kernel that looks at a batch as a whole. */
  KernelPass<C> ofWholeBatch() {
    apart = false;
    return this;
  }

  /** A kernel's forward pass. */
  interface Forward<C> {
    C run(Input input);
  }

  /** A kernel's backward pass; the result is the input's gradient, or null. */
  interface Backward<C> {
    INDArray run(INDArray dOut, C cache, Gradients to);
  }

  /** The backward pass of a kernel without parameters; the result is the input's gradient. */
  interface InputBackward<C> {
    INDArray run(INDArray dOut, C cache, Allocator allocator);
  }

  /**
   * What a forward pass reads.
   *
   * @param mask the features' mask, or null
   * @param params the layer's parameters by name
   * @param allocator where the output goes
   * @param iteration which training iteration the pass belongs to; another in each replay
   */
  record Input(
      INDArray x,
      INDArray mask,
      boolean training,
      Map<String, INDArray> params,
      Allocator allocator,
      IntSupplier iteration) {
    INDArray weights() {
      return params.get(ExplicitLayer.WEIGHTS);
    }

    INDArray bias() {
      return params.get(ExplicitLayer.BIAS);
    }

    /** Null in a layer that does not normalise. */
    BatchNorm.Parameters norm() {
      return params.containsKey(Normalization.RUNNING_MEAN)
          ? Normalization.parameters(params)
          : null;
    }

    BlockParameters block() {
      return new BlockParameters(weights(), bias(), norm());
    }
  }

  /**
   * Where a backward pass writes.
   *
   * @param views the parameters' gradients by name
   * @param allocator where the input's gradient goes, or null where nobody needs it
   */
  record Gradients(Map<String, INDArray> views, Allocator allocator) {
    INDArray weights() {
      return views.get(ExplicitLayer.WEIGHTS);
    }

    INDArray bias() {
      return views.get(ExplicitLayer.BIAS);
    }

    INDArray gamma() {
      return views.get(Normalization.GAMMA);
    }

    INDArray beta() {
      return views.get(Normalization.BETA);
    }

    BlockGradients block() {
      return new BlockGradients(weights(), bias(), gamma(), beta());
    }
  }

  @Override
  public boolean recordable() {
    return true;
  }

  @Override
  public boolean takesExamplesApart() {
    return apart;
  }

  @Override
  public void iteration(int count) {
    iteration = count;
  }

  @Override
  public INDArray forward(
      INDArray x,
      INDArray mask,
      boolean training,
      Map<String, INDArray> params,
      Allocator allocator) {
    cache = forward.run(new Input(x, mask, training, params, allocator, () -> iteration));
    return out.apply(cache);
  }

  @Override
  public INDArray backward(INDArray dOut, Map<String, INDArray> gradients, Allocator allocator) {
    return backward.run(dOut, cache, new Gradients(gradients, allocator));
  }
}
