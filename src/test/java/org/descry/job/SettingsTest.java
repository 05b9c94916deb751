package org.descry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.descry.job.ClassifierSettings.Conv;
import org.descry.job.ClassifierSettings.WeightInitName;
import org.descry.job.ImageDataSettings.Augmentation;
import org.descry.job.ImageDataSettings.Folder;
import org.descry.job.OptimizerSettings.Nesterov;
import org.descry.job.ScheduleSettings.Cosine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static Settings<Job> job() {
    return Settings.of(Job.class)
        .with(Job::name, "built")
        .with(
            Job::model,
            Settings.of(Conv.class)
                .with(
                    Conv::stages,
                    List.of(
                        Settings.of(StageSettings.class).with(StageSettings::filters, 8),
                        Settings.of(StageSettings.class)
                            .with(StageSettings::filters, 16)
                            .with(StageSettings::pool, false)))
                .with(Conv::weightInit, WeightInitName.HE_UNIFORM))
        .with(
            Job::data,
            Settings.of(Folder.class)
                .with(Folder::path, Path.of("some", "images"))
                .with(
                    Folder::augment,
                    Settings.of(Augmentation.class).with(Augmentation::mirror, true)));
  }

  private static final String YAML =
      """
      name: built
      model: {type: convnet, stages: [{filters: 8}, {filters: 16, pool: false}], weightInit: he-uniform}
      data: {source: image-folder, path: some/images, augment: {mirror: true}}
      """;

  @Test
  void makesTheJobOfAFile() {
    assertThat(JobFile.tree(job().build()))
        .isEqualTo(JobFile.tree(JobFile.parse("file", YAML).job()));
  }

  @Test
  void takesSectionsThatAreThereAlready() {
    OptimizerSettings nesterov =
        Settings.of(Nesterov.class)
            .with(Nesterov::schedule, Settings.of(Cosine.class).build())
            .build();
    Job job =
        job()
            .with(
                Job::training,
                Settings.of(TrainingSettings.class).with(TrainingSettings::optimizer, nesterov))
            .build();
    assertThat(job.training().optimizer()).isEqualTo(nesterov);
    assertThat(job.training().epochs()).isEqualTo(10);
  }

  @Test
  void namesEachMistake() {
    Settings<Job> wrong =
        job()
            .with(Job::seed, "one")
            .with(
                Job::training,
                Settings.of(TrainingSettings.class).with(TrainingSettings::epochs, 0));
    assertThatThrownBy(wrong::build)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("the job: seed is \"one\", but expected")
        .hasMessageContaining("the job: training.epochs is 0, but expected");
  }

  @Test
  void aDefaultComesBack() {
    Job job = job().with(Job::seed, 7).with(Job::seed, null).build();
    assertThat(job.seed()).isEqualTo(1);
  }

  @Test
  void takesNoLambda() {
    assertThatThrownBy(() -> job().with(job -> job.name() + "2", "name"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected a reference to an accessor of Job, got one to ");
  }

  static Stream<Path> shipped() throws IOException {
    return Files.list(Path.of("resources/jobs")).filter(file -> file.toString().endsWith(".yaml"));
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void takesAJobApartAndPutsItTogether(Path file) {
    JobFile read = JobFile.read(file);
    if (read.isJob()) {
      Job job = read.job();
      assertThat(JobFile.resolved(Settings.of(job).build())).isEqualTo(JobFile.resolved(job));
    }
  }

  /** Each names its kind by itself, so that none has to be written. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        ModelSettings.class,
        DataSettings.class,
        OptimizerSettings.class,
        ScheduleSettings.class
      })
  void knowsEachKind(Class<?> kinds) {
    List<JsonSubTypes.Type> all = Arrays.asList(kinds.getAnnotation(JsonSubTypes.class).value());
    assertThat(all)
        .isNotEmpty()
        .allSatisfy(
            kind -> assertThat(Settings.of(kind.value().asSubclass(Record.class))).isNotNull());
  }
}
