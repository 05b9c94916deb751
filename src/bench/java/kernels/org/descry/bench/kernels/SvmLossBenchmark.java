package org.descry.bench.kernels;

import org.descry.kernel.LossKernel;
import org.descry.kernel.SvmLoss;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;

/** The multiclass hinge loss, against DL4J's LossHinge, which knows two classes only. */
public class SvmLossBenchmark extends LossBenchmark {
  @Override
  LossKernel kernel() {
    return new SvmLoss();
  }

  @Override
  ILossFunction stockLoss() {
    return new LossHinge();
  }

  @Override
  IActivation stockActivation() {
    return new ActivationIdentity();
  }
}
