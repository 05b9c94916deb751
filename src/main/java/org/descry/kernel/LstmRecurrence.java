package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.descry.kernel.StackedRnn.Parameters;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** {@link Lstm} for stacking: its state is h and c side by side. */
final class LstmRecurrence implements Recurrence {
  private final Lstm lstm;
  private final Scratch initialGradient = new Scratch();
  private final Scratch initialCellGradient = new Scratch();

  LstmRecurrence(Lstm lstm) {
    this.lstm = lstm;
  }

  @Override
  public Pass forward(
      INDArray x, INDArray state, Parameters p, INDArray mask, Allocator allocator) {
    INDArray h0 = state == null ? null : half(state, 0);
    INDArray c0 = state == null ? null : half(state, 1);
    Lstm.Cache cache = lstm.forward(x, h0, c0, p.wX(), p.wH(), p.b(), mask, allocator);
    return new Pass(
        cache.out(),
        into -> {
          half(into, 0).assign(cache.last());
          half(into, 1).assign(cache.lastCell());
        },
        (dOut, dLast, g, dXAllocator, dState) -> {
          Allocator dH0Allocator = dState == null ? null : initialGradient::get;
          Allocator dC0Allocator = dState == null ? null : initialCellGradient::get;
          Lstm.Gradients flow =
              lstm.backward(
                  dOut,
                  dLast == null ? null : half(dLast, 0),
                  dLast == null ? null : half(dLast, 1),
                  cache,
                  g.wX(),
                  g.wH(),
                  g.b(),
                  dXAllocator,
                  dH0Allocator,
                  dC0Allocator);
          if (dState != null) {
            half(dState, 0).assign(flow.dH0());
            half(dState, 1).assign(flow.dC0());
          }
          return flow.dX();
        });
  }

  private static INDArray half(INDArray state, int which) {
    long hidden = state.size(1) / 2;
    return state.get(
        NDArrayIndex.all(), NDArrayIndex.interval(which * hidden, (which + 1) * hidden));
  }
}
