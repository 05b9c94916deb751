package org.descry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Job files of captioners. */
class CaptionerJobFileTest {

  private static final String CAPTIONER =
      """
      name: captioner
      model: {type: captioning-rnn, stages: [{filters: 4}]}
      data: {source: shape-captions}
      """;

  @Test
  void theDefaultsOfACaptionerAreItsOwn() {
    Job job = JobFile.parse("job", CAPTIONER).job();
    assertThat(job.training().selectBy()).isEqualTo(SelectBy.BLEU4);
    assertThat(job.decoding()).isEqualTo(new DecodingSettings(3, 0.7, 0, 0, 30));
    assertThat(JobFile.parse("again", JobFile.resolved(job)).job()).isEqualTo(job);
    assertThat(JobFile.parse("job", CAPTIONER).set("decoding.beam=5").job().decoding())
        .isEqualTo(new DecodingSettings(5, 0.7, 0, 0, 30));
  }

  @Test
  void whatDoesNotGoWithTheModelIsReportedWithTheRest() {
    JobFile file =
        JobFile.parse("j.yaml", CAPTIONER)
            .set("data={source: cifar10, path: x}")
            .set("training.selectBy=accuracy")
            .set("training.epochs=0");
    assertThatExceptionOfType(InvalidJobException.class)
        .isThrownBy(file::job)
        .satisfies(
            e ->
                assertThat(e.mistakes())
                    .containsExactlyInAnyOrder(
                        "--set data={source: cifar10, path: x}: data.source is \"cifar10\", which"
                            + " does not go with model.type \"captioning-rnn\"; expected one of"
                            + " shape-captions, captions.",
                        "--set training.selectBy=accuracy: training.selectBy is \"accuracy\", which"
                            + " does not go with model.type \"captioning-rnn\"; expected one of"
                            + " bleu4, cider, loss.",
                        "--set training.epochs=0: training.epochs is 0, but expected at least 1."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.stages=[] | model.stages are missing, but expected at least one for images.",
        "data={source: captions, captions: c, features: f} | model.stages are given, but expected"
            + " none with data.features.",
        "data={source: captions, captions: c} | data: expected exactly one of images and features.",
        "model.freeze=true | model: freeze is true, but expected initFrom with the stages to keep.",
        "data={source: captions, captions: c, images: i, format: word} | data.format is \"word\","
            + " but expected one of auto, flickr8k, kaggle, coco, karpathy.",
        "model={type: captioning-rnn, attention: soft} with data={source: captions, captions: c,"
            + " features: f} | model.attention is soft, but expected images and stages, for"
            + " data.features have no grid to look at.",
        "model.attention=hard | model.attention is \"hard\", but expected one of none, soft.",
        "model.unfreezeAt=2 | model: unfreezeAt is 2, but expected initFrom with the stages to"
            + " keep so long, and no freeze.",
        "model.tied=true | model: tied is true, but expected an embedding as wide as hidden, 256,"
            + " and not 128.",
        "model={type: captioning-rnn, stages: [{filters: 4}], tied: true, embedding: 256,"
            + " outputDropout: 0.5} | model: tied is true, but expected neither attention nor"
            + " dropout with it.",
        "model.blind=true | model: blind is true, but expected neither stages nor attention with"
            + " it.",
        "model.scheduledSampling=2 | model.scheduledSampling is 2, but expected at most 1.",
        "decoding.noRepeat=-1 | decoding.noRepeat is -1, but expected at least 0.",
        "decoding.beam=0 | decoding.beam is 0, but expected at least 1.",
      })
  void aMistakeInACaptionerIsASentence(String assignment, String message) {
    JobFile file = JobFile.parse("j.yaml", CAPTIONER);
    for (String one : assignment.split(" with ")) {
      file = file.set(one);
    }
    assertThatThrownBy(file::job)
        .isInstanceOf(DescryException.class)
        .hasMessageEndingWith(": " + message);
  }
}
