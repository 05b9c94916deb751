package org.descry.kernel;

import java.util.function.LongSupplier;
import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.Seeding;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.BernoulliDistribution;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Inverted dropout (Srivastava et al., 2014): in training {@code out = x mask}, each element of the
 * mask being 0 with probability p and {@code 1 / (1 - p)} otherwise; in testing {@code out = x}.
 *
 * <p>Shapes: x is of any shape; the mask is drawn in the order of row-major memory, images N x C x
 * H x W channels-last. Types: FLOAT or DOUBLE.
 *
 * <p>Backward: {@code dX = dOut mask}.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class Dropout {
  private final double probability;
  private final NativeOp multiply = new NativeOp("multiply");
  private final Random random = Nd4j.getRandomFactory().getNewRandomInstance();
  private final Scratch masks = new Scratch();
  private final Scratch input = new Scratch();
  private final Scratch outputGradient = new Scratch();

  /**
   * @param probability to drop an element, at least 0 and below 1
   */
  public Dropout(double probability) {
    checkProbability(probability);
    this.probability = probability;
  }

  /**
   * @throws IllegalArgumentException for a drop probability below 0, or of 1 and above
   */
  public static void checkProbability(double probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "expected a drop probability of at least 0 and below 1, got " + probability);
    }
  }

  /**
   * What the backward pass needs; it holds until the next forward pass of the same kernel.
   *
   * @param mask in the memory order of out, or null where nothing is dropped
   */
  public record Cache(INDArray mask, INDArray out) {}

  /**
   * @param seed of the mask, any number: the same seed and shape give the same mask
   */
  public Cache forward(INDArray x, long seed, boolean training, Allocator allocator) {
    return forward(x, () -> seed, training, allocator);
  }

  /**
   * @param seed of the mask, asked for anew where a recorded pass is replayed
   */
  public Cache forward(INDArray x, LongSupplier seed, boolean training, Allocator allocator) {
    Check.type("Dropout", x);
    INDArray rows = memoryOrder(x, input);
    INDArray mask = training && probability > 0 ? mask(rows, seed) : null;
    return new Cache(mask, masked(rows, mask, allocator));
  }

  private INDArray mask(INDArray rows, LongSupplier seed) {
    INDArray mask = masks.get(rows.dataType(), rows.shape());
    double keep = 1 - probability;
    BernoulliDistribution draw = new BernoulliDistribution(mask, keep);
    Tape.run(
        () -> {
          Seeding.reseed(random, seed.getAsLong());
          Nd4j.getExecutioner().exec(draw, random);
        });
    return mask.muli(1 / keep);
  }

  /**
   * @return dX in the shape of x
   */
  public INDArray backward(INDArray dOut, Cache cache, Allocator allocator) {
    Check.shape("Dropout", "dOut", dOut, cache.out.shape());
    return masked(memoryOrder(dOut, outputGradient), cache.mask, allocator);
  }

  private INDArray masked(INDArray rows, INDArray mask, Allocator allocator) {
    INDArray out = allocator.create(rows.dataType(), rows.shape());
    if (mask == null) {
      out.assign(rows);
    } else {
      multiply.in(rows, mask).out(out).run();
    }
    return rows.rank() == 4 ? Layout.channelsFirstView(out) : out;
  }

  private static INDArray memoryOrder(INDArray x, Scratch scratch) {
    return x.rank() == 4 ? Layout.channelsLast(x, scratch) : Layout.rowMajor(x, scratch);
  }
}
