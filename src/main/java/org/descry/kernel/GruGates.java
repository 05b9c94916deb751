package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The gates of a {@link Gru} and what they do to the state, one step. */
final class GruGates {
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0);
  private final NativeOp split = new NativeOp("split", RnnCell.GRU.gates(), 1);
  private final NativeOp add = new NativeOp("add");
  private final NativeOp subtract = new NativeOp("subtract");
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp sigmoid = new NativeOp("sigmoid");
  private final NativeOp tanh = new NativeOp("tanh");
  private final Scratch products = new Scratch();
  private final Scratch resets = new Scratch();
  private final Scratch updates = new Scratch();

  /** The gates one by one, N x H each. */
  record Parts(INDArray r, INDArray z, INDArray n) {}

  /**
   * What the input gives to the gates becomes the gates, and h the next h.
   *
   * @param parts what the input gives, overwritten by the gates
   * @param candidate where what h gives to n goes, before the reset
   */
  void advance(INDArray h, INDArray wH, Parts parts, INDArray candidate, INDArray next) {
    INDArray p = products.get(h.dataType(), h.size(0), wH.size(1));
    INDArray toR = resets.get(h.dataType(), h.shape());
    INDArray toZ = updates.get(h.dataType(), h.shape());
    product.in(h, wH).out(p).run();
    split.in(p).out(toR, toZ, candidate).run();
    add.in(parts.r, toR).out(parts.r).run();
    sigmoid.in(parts.r).out(parts.r).run();
    add.in(parts.z, toZ).out(parts.z).run();
    sigmoid.in(parts.z).out(parts.z).run();
    multiply.in(parts.r, candidate).out(toR).run();
    add.in(parts.n, toR).out(parts.n).run();
    tanh.in(parts.n).out(parts.n).run();
    subtract.in(h, parts.n).out(toZ).run();
    multiply.in(parts.z, toZ).out(toZ).run();
    add.in(parts.n, toZ).out(next).run();
  }
}
