package org.descry.layer;

import java.util.List;
import org.descry.kernel.Elementwise;
import org.descry.kernel.Scale;
import org.nd4j.autodiff.samediff.SDVariable;

/** A constant multiple, see {@link Scale}, of an input of any shape. */
public final class ScaleLayer extends AbstractActivationLayer {
  private double factor = 1;

  /** For JSON. */
  ScaleLayer() {}

  private ScaleLayer(Builder builder) {
    super(builder);
    factor = builder.factor;
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException("ScaleLayer: expected a finite factor, got " + factor);
    }
  }

  /** What the input is multiplied by. */
  public double factor() {
    return factor;
  }

  @Override
  Elementwise kernel() {
    return new Scale(factor);
  }

  @Override
  SDVariable define(SDVariable x) {
    return x.mul(factor);
  }

  @Override
  protected List<?> settings() {
    return List.of(factor);
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    private double factor = 1;

    /** What the input is multiplied by; 1 by default. */
    public Builder factor(double multiple) {
      factor = multiple;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public ScaleLayer build() {
      return new ScaleLayer(this);
    }
  }
}
