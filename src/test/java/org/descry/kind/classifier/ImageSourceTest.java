package org.descry.kind.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.descry.DataException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.image.ImageLoader;
import org.descry.data.image.ImageSplits;
import org.descry.io.Json;
import org.descry.job.ImageDataSettings;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.train.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the image keys of a job file do to the data. */
class ImageSourceTest {
  private static final Path CLASSIFIER =
      Path.of("src/test/resources/models-of-0.1.0/shapes-classifier.zip");

  @TempDir Path folder;

  private Path image(String name, int height, int width) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY), "png", file.toFile());
    return file;
  }

  private Job job(String data) {
    return JobFile.parse(
            "job",
            """
            name: images
            model: {type: three-layer-convnet, filters: 4, filterSize: 3, hidden: 8}
            data: {path: '%s', %s}
            """
                .formatted(folder, data))
        .job();
  }

  private ImageSplits load(String data) {
    ImageDataSettings settings = (ImageDataSettings) job(data).data();
    return ImageSource.load(settings, 1, Task.intake(settings)).parts();
  }

  @Test
  void oneClassAloneIsRefused() throws IOException {
    for (int i = 0; i < 12; i++) {
      image("red/" + i + ".png", 4, 4);
    }
    assertThatThrownBy(() -> load("source: image-folder"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("one class alone: red; expected at least two classes");
    for (int i = 0; i < 12; i++) {
      image("blue/" + i + ".png", 4, 4);
    }
    assertThat(load("source: image-folder").train().classes()).isEqualTo(2);
  }

  @Test
  void classesThatHaveANameAloneDoNotCount() throws IOException {
    Files.write(folder.resolve("data_batch_1.bin"), new byte[20 * 3073]);
    Files.write(folder.resolve("test_batch.bin"), new byte[3073]);
    assertThatThrownBy(() -> load("source: cifar10, validation: 5"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("one class alone: 0; expected at least two classes");
  }

  @Test
  void coarseLabelsAreReadWhereTheJobSaysSo() throws IOException {
    byte[] records = new byte[20 * 3074];
    for (int i = 0; i < 20; i++) {
      records[i * 3074] = (byte) i;
      records[i * 3074 + 1] = (byte) (99 - i);
    }
    Files.write(folder.resolve("train.bin"), records);
    Files.write(folder.resolve("test.bin"), records);
    assertThat(load("source: cifar100, validation: 5").test().label(3)).isEqualTo(96);
    ImageSplits coarse = load("source: cifar100, labels: coarse, validation: 5");
    assertThat(coarse.train().classes()).isEqualTo(20);
    assertThat(coarse.test().label(3)).isEqualTo(3);
  }

  @Test
  void largerImagesThanTheJobAllowsAreRefused() throws IOException {
    for (int i = 0; i < 12; i++) {
      image("red/" + i + ".png", 4, 4);
      image("blue/" + i + ".png", 4, 4);
    }
    image("red/large.png", 20, 30);
    assertThat(load("source: image-folder, maxPixels: 600").train().isEmpty()).isFalse();
    assertThatThrownBy(() -> load("source: image-folder, maxPixels: 599"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("large.png has 20 x 30 pixels; expected at most 599");
  }

  @Test
  void predictionsHaveALimitToo() throws IOException {
    Path large = image("large.png", 9000, 8000);
    TrainedClassifier classifier = TrainedClassifier.load(CLASSIFIER);
    assertThatThrownBy(() -> classifier.classify(List.of(large), 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("large.png has 9000 x 8000 pixels; expected at most 64000000");
  }

  @Test
  void aManifestSaysHowImagesArePrepared() {
    Manifest old = ModelArchive.readManifest(CLASSIFIER);
    assertThat(old.preprocessing()).isNull(); // written by 0.1.0
    assertThat(old.images(CLASSIFIER).height()).isEqualTo(32);
    Manifest now =
        ModelKind.classifier(
            old.output(), old.labels(), old.image(), old.normalizer(), old.provenance());
    assertThat(now.preprocessing()).isEqualTo(ImageLoader.VERSION).isEqualTo(2);
    JsonNode json = Json.MAPPER.valueToTree(now);
    assertThat(json.get("preprocessing").asInt()).isEqualTo(2);

    ((ObjectNode) json).put("preprocessing", 3);
    Manifest later = Json.MAPPER.convertValue(json, Manifest.class);
    assertThatThrownBy(() -> later.images(CLASSIFIER))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("as a later version prepares them (3)");
  }
}
