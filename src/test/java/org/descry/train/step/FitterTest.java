package org.descry.train.step;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.descry.UsageException;
import org.descry.engine.dnn.Dnn;
import org.descry.job.JobFile;
import org.descry.job.TrainingSettings;
import org.junit.jupiter.api.Test;

class FitterTest {
  private static TrainingSettings settings(String training) {
    String job =
        """
        name: small
        model: {type: three-layer-convnet}
        data: {source: shapes}
        training: {%s}
        """;
    return JobFile.parse("job", job.formatted(training)).job().training();
  }

  @Test
  void aPrecisionThatTheMachineDoesNotHaveIsRefused() {
    boolean before = Dnn.set(false);
    try {
      assertThatThrownBy(() -> Fitter.requirePrecision(settings("precision: bfloat16")))
          .isInstanceOf(UsageException.class)
          .hasMessageStartingWith(
              "training.precision is bfloat16: expected a machine that has it, got one where oneDNN"
                  + " is off")
          .hasMessageEndingWith("; float32 works everywhere.");
      assertThatCode(() -> Fitter.requirePrecision(settings(""))).doesNotThrowAnyException();
    } finally {
      Dnn.set(before);
    }
  }
}
