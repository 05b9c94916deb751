package org.descry.kind.captioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.descry.data.Intake;
import org.descry.job.CaptionDataSettings;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.train.Task;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.descry.train.folder.FinishedRun;
import org.descry.train.step.Batches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptionerBatchesTest {
  @TempDir Path dir;

  /** Images with one to four captions each; nothing is learnt. */
  private Job job(int batchSize) throws IOException {
    StringBuilder captions = new StringBuilder("image,caption\n");
    for (int i = 0; i < 12; i++) {
      for (int c = 0; c <= i % 4; c++) {
        captions.append("%d.png,a dog %s\n".formatted(i, "runs ".repeat(c)));
      }
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      image.setRGB(i % 8, i / 8, 0xFF8000 + i);
      ImageIO.write(image, "png", dir.resolve(i + ".png").toFile());
    }
    return JobFile.parse(
            "job",
            """
            name: uneven
            model: {type: captioning-rnn, stages: [{filters: 4}], embedding: 4, hidden: 6}
            data: {source: captions, captions: x, images: x, minCount: 1, height: 8, width: 8}
            training: {epochs: 1, optimizer: {type: sgd, learningRate: 1e-30}}
            """)
        .set("data.captions=" + Files.writeString(dir.resolve("captions.txt"), captions))
        .set("data.images=" + dir)
        .set("training.batchSize=" + batchSize)
        .set("output.dir=" + dir)
        .job();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7, 100})
  void theTrainingLossIsAMeanOverCaptions(int batchSize) throws IOException {
    Job job = job(batchSize);
    Kinds.training(job, new Training.Options(true, false), TrainingProgress.NONE).run();
    double trained = FinishedRun.read(dir.resolve("uneven")).epochs().get(0).trainLoss();
    CaptionerTask task = CaptionerTask.load(job, Task.Limits.NONE, Intake.strict());
    CaptionSource source =
        CaptionSource.load((CaptionDataSettings) job.data(), job.seed(), Intake.strict());
    double expected = new CaptionScorer(source.data().train()).loss(task.network()).perCaption();
    assertThat(trained).isCloseTo(expected, within(1e-5));
  }

  @Test
  void anEpochHasEachCaptionOnce() throws IOException {
    CaptionerTask task = CaptionerTask.load(job(7), Task.Limits.NONE, Intake.strict());
    int examples = 0;
    try (Batches batches = task.batches()) {
      batches.start(Batches.Position.startOf(0));
      while (batches.hasNext()) {
        examples += batches.fitNext(task.network()).examples();
      }
    }
    assertThat(examples).isEqualTo(task.data().train());
  }
}
