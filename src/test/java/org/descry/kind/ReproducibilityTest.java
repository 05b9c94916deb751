package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.archive.ModelArchive;
import org.descry.job.JobFile;
import org.descry.testing.SmallJobs;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproducibilityTest {
  @TempDir static Path dir;

  private static Path train(String... settings) {
    JobFile file =
        SmallJobs.shapes("same", dir, "data.train=40", "training.epochs=2").set(List.of(settings));
    Training job =
        Kinds.training(file.job(), new Training.Options(true, false), TrainingProgress.NONE);
    job.run();
    return job.folder().resolve("model.zip");
  }

  @Test
  void equalTrainingsMakeEqualZips() throws IOException {
    byte[] first = Files.readAllBytes(train());
    assertThat(train()).hasBinaryContent(first);
    assertThat(ModelArchive.readManifest(train()).provenance().data().keySet())
        .containsExactly("test", "train", "validation");
  }

  /** DL4J and ND4J take seed 0 for none, and draw one from the clock. */
  @Test
  void seedZeroIsASeed() throws IOException {
    String[] settings = {"seed=0", "model={type: convnet, stages: [{filters: 3}], dropout: 0.4}"};
    byte[] first = Files.readAllBytes(train(settings));
    assertThat(train(settings)).hasBinaryContent(first);
  }
}
