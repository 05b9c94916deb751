package org.descry.layer;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.descry.engine.Ranks;
import org.descry.kernel.Dropout;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Inverted dropout, see {@link Dropout}. Input of any shape, output in the same shape; no
 * parameters.
 *
 * <p>The mask depends on the layer's seed and the training iteration alone: a training that is
 * resumed draws the masks that it would have drawn. Passes of one iteration share their mask; each
 * shard of a batch that is divided has its own.
 */
public final class DropoutLayer extends ExplicitLayer {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private double probability;
  private long seed;
  private boolean seeded;

  /** For JSON. */
  DropoutLayer() {}

  private DropoutLayer(Builder builder) {
    super(builder);
    probability = builder.probability;
    seeded = builder.seed != null;
    seed = seeded ? builder.seed : 0;
    Dropout.checkProbability(probability);
  }

  /** The probability to drop an element. */
  public double probability() {
    return probability;
  }

  @Override
  public void applyGlobalConfigToLayer(NeuralNetConfiguration.Builder global) {
    super.applyGlobalConfigToLayer(global);
    if (!seeded) {
      seed = global.getSeed();
      seeded = true;
    }
  }

  @Override
  protected ExplicitPass explicitPass() {
    Dropout kernel = new Dropout(probability);
    // The name tells apart the dropout layers of one network.
    long layerSeed = new SplittableRandom(seed ^ Objects.hashCode(getLayerName())).nextLong();
    return KernelPass.ofInput(
            in ->
                kernel.forward(
                    in.x(), () -> maskSeed(layerSeed, in), in.training(), in.allocator()),
            Dropout.Cache::out,
            kernel::backward)
        .ofWholeBatch();
  }

  private static long maskSeed(long layerSeed, KernelPass.Input in) {
    long step = in.iteration().getAsInt() * GOLDEN_GAMMA;
    Ranks ranks = Ranks.current();
    if (ranks == null || ranks.rank() == 0) {
      return new SplittableRandom(layerSeed + step).nextLong();
    }
    long shardSeed = new SplittableRandom(layerSeed ^ ranks.rank()).nextLong();
    return new SplittableRandom(shardSeed + step).nextLong();
  }

  @Override
  protected List<?> settings() {
    return List.of(probability, seed, seeded);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return sameDiff.identity(input);
  }

  /** Null: the mask is drawn outside of any graph. */
  @Override
  public SDVariable defineTraining(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return null;
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    private double probability = 0.5;
    private Long seed;

    /** The probability to drop an element, at least 0 and below 1; 0.5 by default. */
    public Builder probability(double toDrop) {
      probability = toDrop;
      return this;
    }

    /** The masks' seed, to which the layer's name is added; by default the network's seed. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public DropoutLayer build() {
      return new DropoutLayer(this);
    }
  }
}
