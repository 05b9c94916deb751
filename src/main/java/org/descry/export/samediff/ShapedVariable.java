package org.descry.export.samediff;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A variable inside a graph that tells its shape as a placeholder does. Layers define themselves
 * over a placeholder and ask for its shape; of other variables, M2.1 has none to tell.
 */
final class ShapedVariable extends SDVariable {
  private static final long serialVersionUID = 1;

  private final transient InputType type;

  ShapedVariable(SDVariable variable, InputType type) {
    super(
        variable.name(),
        variable.getVariableType(),
        variable.getSameDiff(),
        type.getShape(true),
        variable.dataType());
    this.type = type;
  }

  /** The type of what the variable holds. */
  InputType type() {
    return type;
  }

  @Override
  public long[] placeholderShape() {
    return shape.clone();
  }
}
