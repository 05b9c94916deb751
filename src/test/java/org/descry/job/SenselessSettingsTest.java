package org.descry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.descry.ExitCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings each of which is in its range, but leaves nothing of what the job is about. */
class SenselessSettingsTest {
  private static final String CLASSIFIER =
      """
      name: n
      model: {type: convnet, stages: [{filters: 3}]}
      data: {source: image-folder, path: images, height: 24, width: 40}
      """;
  private static final String CAPTIONER =
      """
      name: n
      model: {type: captioning-rnn, stages: [{filters: 3}]}
      data: {source: captions, captions: a.csv, images: images, height: 24, width: 40}
      training: {epochs: 5}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data.augment.mixup=1; training.batchSize=1 | data.augment.mixup is 1.0, but expected 0 with training.batchSize 1: a batch has no other image to blend with.
          data.augment.shift=24 | data.augment.shift is 24, but expected less than 24, with images of 24 x 40.
          data.augment.cutout=40 | data.augment.cutout is 40, but expected less than 40, with images of 24 x 40.
          data={source: shapes,augment: {shift: 32}} | data.augment.shift is 32, but expected less than 32, with images of 32 x 32.
          data={source: shapes,augment: {cutout: 32}} | data.augment.cutout is 32, but expected less than 32, with images of 32 x 32.
          model.stages[0].dilation=1000 | model.stages[0].dilation is 1000, but expected at most 39, with 24 x 40 pixels there.
          model.stages=[{filters: 3},{filters: 3,dilation: 20}] | model.stages[1].dilation is 20, but expected at most 19, with 12 x 20 pixels there.
          model.stages=[{filters: 3,filterSize: 25,padding: 0}] | model.stages[0].filterSize is 25, but expected at most 24, with 24 x 40 pixels there.
          model.stages=[{filters: 3,dilation: 13,padding: 1}] | model.stages[0].filterSize is 3, but expected at most 2, with 24 x 40 pixels there.
          model.stages[0].stride=41 | model.stages[0].stride is 41, but expected at most 40, with 24 x 40 pixels there.
          model.stages[0].poolSize=25 | model.stages[0].poolSize is 25, but expected at most 24, with 24 x 40 pixels there.
          model.stages[0].poolStride=41 | model.stages[0].poolStride is 41, but expected at most 40, with 24 x 40 pixels there.
          model.stages=[{filters: 3,poolSize: 24},{filters: 3}] | model.stages[1].poolSize is 2, but expected at most 1, with 1 x 1 pixels there.
          """)
  void ofClassifiersAreNamed(String settings, String message) {
    requireNamed(CLASSIFIER, settings, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data.shift=24 | data.shift is 24, but expected less than 24, with images of 24 x 40.
          model.stages[0].dilation=40 | model.stages[0].dilation is 40, but expected at most 39, with 24 x 40 pixels there.
          model.stages[0].poolSize=25 | model.stages[0].poolSize is 25, but expected at most 24, with 24 x 40 pixels there.
          data={source: shape-captions}; model.stages[0].poolSize=49 | model.stages[0].poolSize is 49, but expected at most 48, with 48 x 48 pixels there.
          """)
  void ofCaptionersAreNamed(String settings, String message) {
    requireNamed(CAPTIONER, settings, message);
  }

  /** The largest that makes sense. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data.augment.mixup=1; training.batchSize=2
          data.augment.shift=23; data.augment.cutout=39
          model.stages[0].dilation=39
          model.stages=[{filters: 3,filterSize: 24,padding: 0,stride: 40,pool: false}]
          model.stages=[{filters: 3,poolSize: 24,poolStride: 40},{filters: 3,pool: false}]
          model.stages=[{filters: 3,poolSize: 24},{filters: 3,stride: 2,poolSize: 1}]
          """)
  void whatLeavesSomethingIsAccepted(String settings) {
    assertThat(file(CLASSIFIER, settings).job().model()).isNotNull();
  }

  private static JobFile file(String yaml, String settings) {
    JobFile file = JobFile.parse("job.yaml", yaml);
    for (String setting : settings.split("; ")) {
      file = file.set(setting);
    }
    return file;
  }

  private static void requireNamed(String yaml, String settings, String message) {
    assertThatThrownBy(() -> file(yaml, settings).job())
        .isInstanceOfSatisfying(
            InvalidJobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage("job.yaml: " + message);
  }
}
