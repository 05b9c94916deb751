package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link Affine}, {@link BatchNorm} if so wished, and an {@link Activation}: {@code out =
 * act(norm(x W + b))}. Shapes and types are Affine's and BatchNorm's.
 *
 * <p>Backward: through the activation, the normalisation and the map, each by its own rule.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class AffineBlock extends Block {
  private final Affine affine;
  private final boolean fused;
  private final Scratch affineOut = new Scratch();
  private final Scratch normOut = new Scratch();

  /**
   * @param normalizes whether a batch normalisation stands between map and activation
   */
  public AffineBlock(boolean normalizes, Activation activation) {
    this(usual(normalizes), activation);
  }

  /**
   * @param rates of the batch normalisation between map and activation, or null for none
   */
  public AffineBlock(BatchNorm.Rates rates, Activation activation) {
    super(rates, activation);
    fused = rates == null && activation.operation() != null;
    affine = fused ? new Affine(activation.operation()) : new Affine();
  }

  /**
   * What the backward pass needs; it holds until the next forward pass of the same kernel.
   *
   * @param norm null where nothing is normalised
   * @param seen what the activation's derivative reads
   * @param out N x M
   */
  public record Cache(Affine.Cache affine, BatchNorm.Cache norm, INDArray seen, INDArray out) {}

  /** Runs the block, in training with the batch's statistics. */
  public Cache forward(INDArray x, BlockParameters p, boolean training, Allocator allocator) {
    Allocator linear = apart() ? normOut::get : allocator;
    Affine.Cache mapped = affine.forward(x, p.w(), p.b(), norm == null ? linear : affineOut::get);
    BatchNorm.Cache normed = normalize(mapped.out(), p.norm(), training, linear);
    INDArray seen = normed == null ? mapped.out() : normed.out();
    INDArray out = apart() ? allocator.create(seen.dataType(), seen.shape()) : seen;
    if (activation != null && !fused) {
      activation.apply(seen, out);
    }
    return new Cache(mapped, normed, seen, out);
  }

  /** See {@link BatchNorm#updateRunning}. Does nothing where nothing is normalised. */
  public void updateRunning(Cache cache) {
    updateRunning(cache.norm);
  }

  /**
   * Writes the parameters' gradients.
   *
   * @param allocator where the input's gradient goes, or null where nobody needs it
   * @return dX in the shape of x, or null
   */
  public INDArray backward(INDArray dOut, Cache cache, BlockGradients to, Allocator allocator) {
    Check.shape("AffineBlock", "dOut", dOut, cache.out.shape());
    INDArray d = beforeNorm(beforeActivation(dOut, cache.seen), cache.norm, to);
    return affine.backward(d, cache.affine, to.w(), to.b(), allocator);
  }
}
