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
import java.util.Random;
import javax.imageio.ImageIO;
import org.descry.DataException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.Fingerprint;
import org.descry.data.Intake;
import org.descry.data.KeptData;
import org.descry.data.SharedData;
import org.descry.data.image.ImageLoader;
import org.descry.data.image.ImageSplits;
import org.descry.io.Json;
import org.descry.io.Listing;
import org.descry.job.ImageDataSettings;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.train.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private static List<String> loaded(Job job, long seed, SharedData shared) {
    ImageDataSettings data = (ImageDataSettings) job.data();
    Intake intake = Task.intake(data, new KeptData(shared));
    ImageSource.Loaded loaded = ImageSource.load(data, seed, intake);
    Fingerprint parts = new Fingerprint();
    loaded.parts().addTo(parts);
    Fingerprint read = new Fingerprint();
    loaded.read().addTo(read);
    return List.of(
        parts.hex(),
        read.hex(),
        loaded.parts().train().name(0) + loaded.parts().test().name(1),
        intake.leftOut().toString());
  }

  /** Another share that is held out and other changes ask for the same images as they lie. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "image-folder, onBadRecord: skip, maxBadRecords: 1",
        "cifar10",
        "shapes, train: 50"
      })
  void imagesThatAnotherProcessHasDecodedAreTheSame(String source) throws IOException {
    for (int i = 0; i < 24; i++) {
      Path file = image((i % 2 == 0 ? "red/" : "blue/") + i + ".png", 4, 4);
      BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
      image.setRGB(1, 2, 10 * i);
      ImageIO.write(image, "png", file.toFile());
    }
    Files.writeString(folder.resolve("red/bad.png"), "no image");
    byte[] records = new byte[20 * 3073];
    new Random(3).nextBytes(records);
    for (int i = 0; i < 20; i++) {
      records[i * 3073] = (byte) (i % 4);
    }
    Files.write(folder.resolve("data_batch_1.bin"), records);
    Files.write(folder.resolve("test_batch.bin"), records);
    String path = source.startsWith("shapes") ? "" : ", path: '" + folder + "'";
    String held = source.startsWith("cifar") ? "5" : source.startsWith("shapes") ? "20" : "0.2";
    Job job =
        JobFile.parse(
                "job",
                """
                name: images
                model: {type: three-layer-convnet, filters: 4, filterSize: 3, hidden: 8}
                data: {source: %s%s}
                """
                    .formatted(source, path))
            .set("data.validation=" + held)
            .job();
    SharedData writer = SharedData.gathering();
    List<String> expected = loaded(job, 1, writer);
    SharedData.Content content = writer.take().orElseThrow();
    Path decoded = folder.resolve("decoded.bin");
    content.write(decoded);
    boolean generated = path.isEmpty();
    List<String> otherwise = loaded(job, 2, SharedData.none());
    for (Path file : Listing.below(folder)) {
      if (Files.isRegularFile(file) && !file.equals(decoded)) {
        Files.delete(file); // what is read now is mapped
      }
    }
    assertThat(loaded(job, 1, SharedData.in(decoded))).isEqualTo(expected);
    if (!generated) {
      Job changed =
          JobFile.parse("job", JobFile.resolved(job)).set("data.augment.mirror=true").job();
      assertThat(loaded(changed, 2, SharedData.in(decoded))).isEqualTo(otherwise);
    }
    assertThat(otherwise.get(0)).isNotEqualTo(expected.get(0));
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
  void classesWithoutImagesCannotBeBalanced() throws IOException {
    byte[] records = new byte[40 * 3073];
    for (int i = 0; i < 40; i++) {
      records[i * 3073] = (byte) (i % 9);
    }
    Files.write(folder.resolve("data_batch_1.bin"), records);
    Files.write(folder.resolve("test_batch.bin"), records);
    Job job = job("source: cifar10, validation: 5}\ntraining: {balanceClasses: true");
    Intake intake = Task.intake(job.data());
    assertThatThrownBy(() -> ClassifierTask.load(job, Task.Limits.NONE, intake))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "training.balanceClasses is true, but the training part has no image of 9; expected at"
                + " least one of each class.");
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
