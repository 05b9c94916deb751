package org.descry.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.RmsProp;

/** The update rules as the field defines them. */
class UpdateRulesTest {
  @Test
  void rmsPropIsThePublishedOne() {
    Vectors v = Vectors.load("rmsprop");
    INDArray mean = v.input("cache").dup().reshape(1, 20);
    RmsProp rule = new RmsProp(v.param("learning_rate"), v.param("decay_rate"), v.param("epsilon"));
    GradientUpdater<?> updater = rule.instantiate(mean, false);
    INDArray step = v.input("dw").dup().reshape(1, 20);
    updater.applyUpdater(step, 0, 0);
    assertThat(Vectors.relativeError(v.expected("cache"), mean.reshape(4, 5))).isLessThan(1e-7);
    assertThat(Vectors.relativeError(v.expected("next_w"), v.input("w").sub(step.reshape(4, 5))))
        .isLessThan(1e-7);
  }

  @Test
  void theFirstStepsDoNotDependOnTheGradientsSize() {
    double[] gradients = {1e-6, 1e-4, 1};
    INDArray mean = Nd4j.zeros(org.nd4j.linalg.api.buffer.DataType.DOUBLE, 1, 3);
    GradientUpdater<?> updater = new RmsProp(0.01, 0.9, 1e-12).instantiate(mean, false);
    for (int t = 0; t < 3; t++) {
      INDArray step = Nd4j.createFromArray(gradients).reshape(1, 3);
      updater.applyUpdater(step, t, 0);
      double expected = 0.01 / Math.sqrt(1 - Math.pow(0.9, t + 1));
      assertThat(step.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-7);
    }
  }
}
