package org.descry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.StringLength;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobFileTest {
  private static final String MINIMAL =
      """
      name: small
      model: {type: three-layer-convnet}
      data: {source: shapes}
      """;

  @Test
  void defaultsAreFilledInAtEveryDepth() {
    Job job = JobFile.parse("job", MINIMAL).job();
    assertThat(job.seed()).isEqualTo(1);
    assertThat(job.model())
        .isEqualTo(
            new ClassifierSettings.ThreeLayer(
                32, 7, 100, 0.001, ClassifierSettings.LossName.SOFTMAX));
    assertThat(job.training().optimizer())
        .isEqualTo(
            new OptimizerSettings.Adam(0.001, 0.9, 0.999, 1e-8, new ScheduleSettings.Constant()));
    assertThat(job.training().timeLimit()).isEmpty();
    assertThat(((ImageDataSettings) job.data()).augment())
        .isEqualTo(new ImageDataSettings.Augmentation(false, 0, false, false, 0, 0, 0, 1, 0));
    assertThat(job.output().dir()).isEqualTo("runs");
  }

  @Test
  void theResolvedJobIsTheSameJob() {
    Job job =
        JobFile.parse("job", MINIMAL)
            .set("model={type: convnet, stages: [{filters: 4}, {filters: 8, pool: false}]}")
            .set("training.gradientClipping.norm=5")
            .set("training.maxTime=90s")
            .job();
    assertThat(JobFile.parse("again", JobFile.resolved(job)).job()).isEqualTo(job);
    assertThat(job.training().timeLimit().orElseThrow()).hasSeconds(90);
  }

  @Test
  void aSettingInAnAbsentSectionKeepsTheSectionsDefaultKind() {
    JobFile file = JobFile.parse("job", MINIMAL).set("training.optimizer.learningRate=0.01");
    assertThat(file.job().training().optimizer())
        .isEqualTo(
            new OptimizerSettings.Adam(0.01, 0.9, 0.999, 1e-8, new ScheduleSettings.Constant()));
    assertThat(file.set("training.optimizer.type=sgd").job().training().optimizer())
        .isEqualTo(new OptimizerSettings.Sgd(0.01, new ScheduleSettings.Constant()));
  }

  @Test
  void aSectionWithoutItsKindIsToldTheKinds() {
    JobFile file = JobFile.parse("j.yaml", MINIMAL + "training: {optimizer: {learningRate: 1}}\n");
    assertThatThrownBy(file::job)
        .hasMessage(
            "j.yaml: training.optimizer.type is missing; expected one of sgd, nesterov, rmsprop,"
                + " adam, adamw.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shapes-convnet",
        "cifar10-three-layer",
        "cifar10-convnet",
        "cifar10-quick",
        "cifar10-fast",
        "cifar10-resnet20",
        "cifar100-resnet20",
        "shapes-captions",
        "flickr8k",
        "flickr8k-blind"
      })
  void theShippedJobsAreValid(String name) {
    Job job = JobFile.read(Path.of("resources/jobs", name + ".yaml")).job();
    assertThat(job.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.loss=svm | data.augment.mixup=0.2 | data.augment.mixup is 0.2, but expected 0 with"
            + " model.loss svm, which takes one class an image",
        "model={type: resnet, depth: 10} | seed=1 | depth is 10, but expected 6n + 2, such as 20,"
            + " 32 or 56, or 9",
        "data.augment.alternate=true | seed=1 | alternate is true, but expected mirror to be so"
            + " too",
        "training.biasRate=2 | training.optimizer.schedule={type: plateau} | biasRate is 2.0, but"
            + " expected 1 where the rate is changed",
        "model={type: convnet, stages: [{filters: 3, filterSize: 2}]} | seed=1 | filterSize is 2,"
            + " but expected an odd number",
        "model={type: convnet, stages: [{filters: 3}], weightInit: uniform} | seed=1 | weightScale"
            + " is 0.0, but expected a value above 0 with weightInit",
      })
  void recipesThatDoNotFitAreOneSentence(String first, String second, String sentence) {
    JobFile file =
        JobFile.parse(
            "j.yaml",
            "{name: a, model: {type: convnet, stages: [{filters: 3}]}, data: {source: shapes}}");
    assertThatThrownBy(() -> file.set(second).set(first).job()).hasMessageContaining(sentence);
  }

  @Test
  void decodingIsForCaptionersOnly() {
    assertThatThrownBy(() -> JobFile.parse("j.yaml", MINIMAL).set("decoding.beam=2").job())
        .hasMessage("j.yaml: decoding is given, but expected only with a captioner.");
  }

  @Test
  void everyMistakeIsReportedAtOnce() {
    String job =
        """
        nmae: small
        seed: one
        model: {type: conv-net}
        data: {source: shapes, path: /tmp}
        training:
          epochs: 0
          batchsize: 10
          optimizer: {type: adam, learningRate: -1, momentum: 0.9}
          maxTime: soon
        """;
    assertThatExceptionOfType(InvalidJobException.class)
        .isThrownBy(() -> JobFile.parse("j.yaml", job).job())
        .satisfies(
            e ->
                assertThat(e.mistakes())
                    .containsExactlyInAnyOrder(
                        "j.yaml: unknown key nmae; did you mean name?",
                        "j.yaml: name is missing; expected name of the job and of its folder under"
                            + " output.dir: letters, digits, '.', '_', '-'.",
                        "j.yaml: seed is \"one\", but expected a whole number.",
                        "j.yaml: model.type is \"conv-net\", but expected one of"
                            + " three-layer-convnet, convnet, resnet, fast, captioning-rnn,"
                            + " language-rnn, sequence-rnn (did you mean convnet?).",
                        "j.yaml: unknown key data.path; known here: source, train, validation,"
                            + " test, augment.",
                        "j.yaml: training.epochs is 0, but expected at least 1.",
                        "j.yaml: unknown key training.batchsize; did you mean batchSize?",
                        "j.yaml: training.optimizer.learningRate is -1, but expected more than 0.",
                        "j.yaml: unknown key training.optimizer.momentum; known here: type,"
                            + " learningRate, beta1, beta2, epsilon, schedule.",
                        "j.yaml: training.maxTime is \"soon\", but expected longest time to train,"
                            + " such as 90s, 20m or 1.5h; the best model so far is kept."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "model.stages=3 | unknown key model.stages; known here: type, filters, filterSize, hidden,"
            + " weightScale, loss.",
        "training.epochs=2.5 | training.epochs is 2.5, but expected a whole number.",
        "training.epochs=two | training.epochs is \"two\", but expected a whole number.",
        "training.epochs=[1] | training.epochs is a list, but expected a whole number.",
        "training=fast | training is \"fast\", but expected a mapping.",
        "training.l2=-1 | training.l2 is -1, but expected at least 0.",
        "training.l2=.nan | line 1, column 1: .nan is no setting; expected a finite number.",
        "model.loss=hinge | model.loss is \"hinge\", but expected one of softmax, svm.",
        "model.filterSize=4 | model: filterSize is 4, but expected an odd number.",
        "training.gradientClipping={} | training.gradientClipping: expected exactly one of norm,"
            + " globalNorm and value.",
        "training.epoch=3 | unknown key training.epoch; did you mean epochs?",
        "data.augment.shift=65 | data.augment.shift is 65, but expected at most 64.",
        "output.dir= | output.dir is null, but expected text.",
        "name=../up | name is \"../up\", but expected name of the job and of its folder under"
            + " output.dir: letters, digits, '.', '_', '-'.",
      })
  void aMistakeInASettingNamesIt(String assignment, String message) {
    assertThatThrownBy(() -> JobFile.parse("j.yaml", MINIMAL).set(assignment).job())
        .isInstanceOf(DescryException.class)
        .hasMessage("--set " + assignment + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "epochs | --set epochs: expected key.path=value, such as training.epochs=5.",
        "=3 | --set =3: expected key.path=value, such as training.epochs=5.",
        "a..b=3 | --set a..b=3: \"a..b\" is no key path; expected one like"
            + " training.optimizer.learningRate or model.stages[0].filters.",
        "name.x=3 | --set name.x=3: there is no name.x, for name is \"small\".",
        "model[0]=3 | --set model[0]=3: there is no model[0], for model is a mapping.",
        "seed=[1 | --set seed=[1: line 1, column 3: while parsing a flow sequence, expected ',' or"
            + " ']', but got <stream end>; expected valid YAML.",
      })
  void aSettingThatLeadsNowhereIsRefused(String assignment, String message) {
    assertThatThrownBy(() -> JobFile.parse("j.yaml", MINIMAL).set(assignment))
        .isInstanceOf(DescryException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | j.yaml: the file is empty, but expected a mapping with name, model and data.",
        "hello | j.yaml: the file is \"hello\", but expected a mapping with name, model and data.",
        "[1] | j.yaml: the file is a list, but expected a mapping with name, model and data.",
        "{a: 1, a: 2} | j.yaml: line 1, column 9: Duplicate field 'a'; expected valid YAML.",
        "{a: &x 1, b: *x} | j.yaml: line 1, column 14: the alias *x is not supported; expected the"
            + " value itself.",
      })
  void whatIsNoMappingIsRefused(String yaml, String message) {
    assertThatThrownBy(() -> JobFile.parse("j.yaml", yaml))
        .isInstanceOf(DescryException.class)
        .hasMessage(message);
  }

  @Test
  void aSyntaxErrorNamesItsLine() {
    assertThatThrownBy(() -> JobFile.parse("j.yaml", "name: x\nmodel:\n\t- a\n"))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("j.yaml: line 3, column 1: ")
        .hasMessageEndingWith("; expected valid YAML.")
        .hasMessageNotContaining("\n");
  }

  @Test
  void filesThatCannotBeReadAreNamed(@TempDir Path dir) throws IOException {
    Path missing = dir.resolve("missing.yaml");
    assertThatThrownBy(() -> JobFile.read(missing))
        .hasMessage(missing + ": no such file; expected a job file in YAML.");
    assertThatThrownBy(() -> JobFile.read(dir))
        .hasMessage(dir + ": a folder; expected a job file in YAML.");
    Path binary = Files.write(dir.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfd, 0});
    assertThatThrownBy(() -> JobFile.read(binary))
        .hasMessage(binary + ": not UTF-8 text; expected a job file in YAML.");
  }

  @Test
  void aHugeOrDeepFileIsRefusedQuickly() {
    assertThatThrownBy(() -> JobFile.parse("j.yaml", "[".repeat(10_000)))
        .isInstanceOf(DescryException.class);
    assertThatThrownBy(() -> JobFile.parse("j.yaml", "a: " + "x".repeat(2_000_000)))
        .isInstanceOf(DescryException.class);
  }

  @Property(tries = 200)
  void numbersThatAreSetArriveExactly(
      @ForAll @IntRange(min = 1, max = 1_000_000) int epochs,
      @ForAll @DoubleRange(min = 1e-12, max = 1e3) @Scale(12) double rate) {
    Job job =
        JobFile.parse("job", MINIMAL)
            .set("training.epochs=" + epochs)
            .set("training.optimizer.type=sgd")
            .set("training.optimizer.learningRate=" + rate)
            .job();
    assertThat(job.training().epochs()).isEqualTo(epochs);
    assertThat(job.training().optimizer().learningRate()).isEqualTo(rate);
  }

  @Property(tries = 500)
  void anyAssignmentGivesAJobOrAOneLineMessage(
      @ForAll @StringLength(max = 30) String path, @ForAll @StringLength(max = 30) String value) {
    for (String assignment : List.of(path + "=" + value, "training.maxTime=" + value)) {
      try {
        JobFile.parse("job", MINIMAL).set(assignment).job();
      } catch (DescryException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Property(tries = 200)
  void theLastOfTwoSettingsCounts(
      @ForAll @IntRange(min = 1, max = 1000) int first,
      @ForAll @IntRange(min = 1, max = 1000) int second) {
    JobFile file = JobFile.parse("job", MINIMAL).set("model.hidden=" + first);
    Job changed = file.set("model.hidden", JsonNodeFactory.instance.numberNode(second), "s").job();
    assertThat(((ClassifierSettings.ThreeLayer) changed.model()).hidden()).isEqualTo(second);
    assertThat(((ClassifierSettings.ThreeLayer) file.job().model()).hidden()).isEqualTo(first);
  }
}
