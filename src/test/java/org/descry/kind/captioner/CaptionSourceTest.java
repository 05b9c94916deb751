package org.descry.kind.captioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.descry.DataException;
import org.descry.job.CaptionDataSettings;
import org.descry.job.InvalidJobException;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.train.Task;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the caption keys of a job file do to the data. */
class CaptionSourceTest {
  @TempDir Path directory;

  @BeforeEach
  void draw() throws IOException {
    for (String part : new String[] {"train", "val"}) {
      Files.createDirectories(directory.resolve(part));
      StringBuilder text = new StringBuilder("image,caption\n");
      for (int i = 0; i < 3; i++) {
        ImageIO.write(
            new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB),
            "png",
            directory.resolve(part).resolve(i + ".png").toFile());
        text.append("%d.png,a dog\n%d.png,%s\n".formatted(i, i, i == 1 ? "..." : "a cat"));
      }
      Files.writeString(directory.resolve(part + ".txt"), text);
    }
  }

  private JobFile job() {
    return JobFile.parse(
        "job",
        """
        name: captions
        model: {type: captioning-rnn, stages: [{filters: 4}], embedding: 8, hidden: 16}
        data:
          source: captions
          captions: DIR/train.txt
          images: DIR/train
          minCount: 1
          height: 8
          width: 8
          splits:
            validationCaptions: DIR/val.txt
            testCaptions: DIR/val.txt
            validationImages: DIR/val
            testImages: DIR/test
        """
            .replace("DIR", directory.toString()));
  }

  private static CaptionSource load(Job job) {
    return CaptionSource.load(
        (CaptionDataSettings) job.data(), job.seed(), Task.intake(job.data()));
  }

  @Test
  void captionsWithoutWordsAreLeftOutWhereTheJobSaysNothing() throws IOException {
    Files.move(directory.resolve("val"), directory.resolve("test"));
    Files.createDirectory(directory.resolve("val"));
    for (int i = 0; i < 3; i++) {
      Files.copy(directory.resolve("test/" + i + ".png"), directory.resolve("val/" + i + ".png"));
    }
    CaptionSource source = load(job().job());
    assertThat(source.data().train().size()).isEqualTo(5);
    assertThat(source.data().validation().size()).isEqualTo(5);
    assertThat(source.data().badRecords()).isEqualTo(3);
    assertThatThrownBy(() -> load(job().set("data.maxBadRecords=2").job()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data.maxBadRecords = 2");
    assertThatThrownBy(() -> load(job().set("data.onBadRecord=fail").job()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.txt:5: the caption of 1.png has no words");
  }

  @Test
  void keysThatDoNotGoTogetherAreRefused() {
    JobFile features =
        JobFile.parse(
            "job",
            """
            name: features
            model: {type: captioning-rnn, embedding: 8, hidden: 16}
            data: {source: captions, captions: c.txt, features: f.npz, splits: {testImages: test}}
            """);
    assertThatThrownBy(features::job)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("splits.validationImages");
    assertThatThrownBy(() -> job().set("data.onBadRecord=ignore").job())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("onBadRecord");
  }
}
