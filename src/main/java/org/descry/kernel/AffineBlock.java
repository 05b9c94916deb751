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
public final class AffineBlock {
  private final Affine affine = new Affine();
  private final BatchNorm norm;
  private final Elementwise activation;
  private final Scratch affineOut = new Scratch();
  private final Scratch normOut = new Scratch();
  private final Scratch dActivation = new Scratch();
  private final Scratch dNorm = new Scratch();

  /**
   * @param normalizes whether a batch normalisation stands between map and activation
   */
  public AffineBlock(boolean normalizes, Activation activation) {
    norm = normalizes ? new BatchNorm() : null;
    this.activation = activation.kernel();
  }

  /**
   * What the backward pass needs; it holds until the next forward pass of the same kernel.
   *
   * @param norm null where nothing is normalised
   * @param seen what the activation's derivative reads
   * @param out N x M
   */
  public record Cache(Affine.Cache affine, BatchNorm.Cache norm, INDArray seen, INDArray out) {}

  /**
   * @param p null where nothing is normalised
   */
  public Cache forward(
      INDArray x,
      INDArray w,
      INDArray b,
      BatchNorm.Parameters p,
      boolean training,
      Allocator allocator) {
    boolean apart = activation != null && activation.readsInput();
    Allocator linear = apart ? normOut::get : allocator;
    Affine.Cache mapped = affine.forward(x, w, b, norm == null ? linear : affineOut::get);
    BatchNorm.Cache normed = norm == null ? null : norm.forward(mapped.out(), p, training, linear);
    INDArray seen = normed == null ? mapped.out() : normed.out();
    INDArray out = apart ? allocator.create(seen.dataType(), seen.shape()) : seen;
    if (activation != null) {
      activation.apply(seen, out);
    }
    return new Cache(mapped, normed, seen, out);
  }

  /** See {@link BatchNorm#updateRunning}. Does nothing where nothing is normalised. */
  public void updateRunning(Cache cache) {
    if (norm != null) {
      norm.updateRunning(cache.norm);
    }
  }

  /**
   * Writes the parameters' gradients into the given arrays.
   *
   * @param dGamma null where nothing is normalised, and so dBeta
   * @param allocator where the input's gradient goes, or null where nobody needs it
   * @return dX in the shape of x, or null
   */
  public INDArray backward(
      INDArray dOut,
      Cache cache,
      INDArray dW,
      INDArray db,
      INDArray dGamma,
      INDArray dBeta,
      Allocator allocator) {
    Check.shape("AffineBlock", "dOut", dOut, cache.out.shape());
    INDArray d = dOut;
    if (activation != null) {
      INDArray dLinear = dActivation.get(dOut.dataType(), dOut.shape());
      activation.backward(dOut, cache.seen, dLinear);
      d = dLinear;
    }
    if (norm != null) {
      d = norm.backward(d, cache.norm, dGamma, dBeta, dNorm::get);
    }
    return affine.backward(d, cache.affine, dW, db, allocator);
  }
}
