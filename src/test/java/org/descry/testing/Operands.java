package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.descry.engine.Allocator.DETACHED;
import static org.descry.testing.Numeric.assertGradient;
import static org.descry.testing.Numeric.dot;
import static org.descry.testing.Numeric.unset;

import java.util.function.Function;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What an operation with weights and biases is given, and the gradient of its output. */
public record Operands(INDArray x, INDArray w, INDArray b, INDArray dOut) {
  private static final double TOLERANCE = 1e-6;

  /** Gradients in the shapes of x, w and b; of x it may be null. */
  public record Gradients(INDArray dx, INDArray dw, INDArray db) {
    /** Equal but for the order of summation in float64. */
    public void assertEqual(Gradients expected) {
      if (dx != null) {
        Operands.assertEqual(dx, expected.dx);
      }
      Operands.assertEqual(dw, expected.dw);
      Operands.assertEqual(db, expected.db);
    }
  }

  /** What a kernel gives, its gradients in memory that was not set. */
  public record Result(INDArray out, Gradients gradients) {}

  /** The forward pass of a kernel. */
  public interface Forward<C> {
    C run(INDArray x, INDArray w, INDArray b, Allocator allocator);
  }

  /** Its backward pass. */
  public interface Backward<C> {
    INDArray run(INDArray dOut, C cache, INDArray dW, INDArray db, Allocator allocator);
  }

  /** The operation by its definition. */
  public interface Definition<R> {
    R of(INDArray x, INDArray w, INDArray b);
  }

  /** Both passes of a kernel. */
  public <C> Result run(Forward<C> forward, Function<C, INDArray> out, Backward<C> backward) {
    return run(forward, out, backward, DETACHED);
  }

  /**
   * @param input where the input's gradient goes, or null for none
   */
  public <C> Result run(
      Forward<C> forward, Function<C, INDArray> out, Backward<C> backward, Allocator input) {
    INDArray dW = unset(w);
    INDArray db = unset(b);
    C cache = forward.run(x, w, b, DETACHED);
    INDArray dX = backward.run(dOut, cache, dW, db, input);
    assertThat(dX == null).isEqualTo(input == null);
    return new Result(out.apply(cache), new Gradients(dX, dW, db));
  }

  /** What a definition gives. */
  public <R> R by(Definition<R> definition) {
    return definition.of(x, w, b);
  }

  /** That gradients, but for that of x where it is null, agree with central differences. */
  public void assertGradients(Gradients gradients, Definition<INDArray> out) {
    if (gradients.dx != null) {
      assertGradient("dx", gradients.dx, x, () -> dot(by(out), dOut), TOLERANCE);
    }
    assertGradient("dw", gradients.dw, w, () -> dot(by(out), dOut), TOLERANCE);
    assertGradient("db", gradients.db, b, () -> dot(by(out), dOut), TOLERANCE);
  }

  /** That arrays are equal but for the order of summation in float64. */
  public static void assertEqual(INDArray actual, INDArray expected) {
    assertThat(Vectors.relativeError(actual, expected, 1e-2)).isLessThan(1e-11);
  }
}
