package org.descry.bench.kernels;

import org.descry.kernel.LossKernel;
import org.descry.kernel.SoftmaxLoss;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Softmax and cross-entropy, against DL4J's LossMCXENT. */
public class SoftmaxLossBenchmark extends LossBenchmark {
  @Override
  LossKernel kernel() {
    return new SoftmaxLoss();
  }

  @Override
  ILossFunction stockLoss() {
    return new LossMCXENT();
  }

  @Override
  IActivation stockActivation() {
    return new ActivationSoftmax();
  }
}
