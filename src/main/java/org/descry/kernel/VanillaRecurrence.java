package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.descry.kernel.StackedRnn.Parameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link VanillaRnn} for stacking: its state is h. */
final class VanillaRecurrence implements Recurrence {
  private final VanillaRnn rnn;
  private final Scratch initialGradient = new Scratch();

  VanillaRecurrence(VanillaRnn rnn) {
    this.rnn = rnn;
  }

  @Override
  public Pass forward(
      INDArray x, INDArray state, Parameters p, INDArray mask, Allocator allocator) {
    VanillaRnn.Cache cache = rnn.forward(x, state, p.wX(), p.wH(), p.b(), mask, allocator);
    return new Pass(
        cache.out(),
        into -> into.assign(cache.last()),
        (dOut, dLast, g, dXAllocator, dState) -> {
          Allocator dH0Allocator = dState == null ? null : initialGradient::get;
          VanillaRnn.Gradients flow =
              rnn.backward(dOut, dLast, cache, g.wX(), g.wH(), g.b(), dXAllocator, dH0Allocator);
          if (dState != null) {
            dState.assign(flow.dH0());
          }
          return flow.dX();
        });
  }
}
