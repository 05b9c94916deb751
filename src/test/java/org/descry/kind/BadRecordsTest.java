package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.descry.DataException;
import org.descry.archive.ModelArchive;
import org.descry.data.SharedData;
import org.descry.io.Json;
import org.descry.job.JobFile;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that cannot be used, in data of every kind: all are told of, none stays unseen. */
class BadRecordsTest {
  @TempDir Path dir;

  /** A job on data with three bad records, and the places of those. */
  enum Data {
    IMAGES(
        "convnet, stages: [{filters: 2}]", "image-folder, path: DIR/images, height: 8, width: 8") {
      @Override
      List<String> make(Path dir) throws IOException {
        List<String> bad = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
          Path file = dir.resolve("images/%s/%02d.png".formatted(i % 2 == 0 ? "a" : "b", i));
          image(file, i);
          if (i % 8 == 3) {
            Files.write(file, new byte[] {(byte) 0x89, 'P', 'N', 'G', 1});
            bad.add(file + " ");
          }
        }
        return bad;
      }
    },
    CIFAR("convnet, stages: [{filters: 2}]", "cifar10, path: DIR, validation: 4") {
      @Override
      List<String> make(Path dir) throws IOException {
        Path train = dir.resolve("data_batch_1.bin");
        Path test = dir.resolve("test_batch.bin");
        byte[] records = records(20);
        records[3 * 3073] = 77;
        records[19 * 3073] = 10;
        Files.write(train, records);
        Files.write(test, Arrays.copyOf(records(6), 6 * 3073 - 5));
        return List.of(
            train + " record 3 (byte 9219)",
            train + " record 19 (byte 58387)",
            test + " record 5 (byte 15365)");
      }
    },
    TEXT("language-rnn, hidden: 4", "text, path: DIR/text.txt, steps: 5") {
      @Override
      List<String> make(Path dir) throws IOException {
        byte[] text = "the cat sat on the mat\n".repeat(20).getBytes(StandardCharsets.UTF_8);
        for (int at : new int[] {2, 5 * 23 + 4, 20 * 23 - 2}) {
          text[at] = (byte) 0xC3;
        }
        Path file = Files.write(dir.resolve("text.txt"), text);
        return List.of(
            file + " line 1 (byte 2)", file + " line 6 (byte 119)", file + " line 20 (byte 458)");
      }
    },
    CAPTIONS(
        "captioning-rnn, stages: [{filters: 2}], embedding: 4, hidden: 4",
        "captions, captions: DIR/captions.txt, images: DIR/images, height: 8, width: 8,"
            + " minCount: 1") {
      @Override
      List<String> make(Path dir) throws IOException {
        Path captions = captions(dir, 12);
        for (int i = 0; i < 12; i++) {
          image(dir.resolve("images/%02d.png".formatted(i)), i);
        }
        Path cut = Files.writeString(dir.resolve("images/05.png"), "no image");
        return List.of(captions + " line 4", captions + " line 9", cut + " ");
      }
    },
    FEATURES(
        "captioning-rnn, embedding: 4, hidden: 4",
        "captions, captions: DIR/captions.txt, features: DIR/features, minCount: 1") {
      @Override
      List<String> make(Path dir) throws IOException {
        Path captions = captions(dir, 12);
        Files.createDirectories(dir.resolve("features"));
        for (int i = 0; i < 12; i++) {
          Files.write(dir.resolve("features/%02d.npy".formatted(i)), npy(i == 7 ? Float.NaN : i));
        }
        return List.of(
            captions + " line 4", captions + " line 9", dir.resolve("features/07.npy") + " ");
      }
    };

    private final String model;
    private final String data;

    Data(String model, String data) {
      this.model = model;
      this.data = data;
    }

    abstract List<String> make(Path dir) throws IOException;

    JobFile job(Path dir, String policy) {
      return JobFile.parse(
              "job",
              "name: n\nmodel: {type: %s}\ndata: {source: %s, %s}\ntraining: {epochs: 1, batchSize: 4}"
                  .formatted(model, data.replace("DIR", dir.toString()), policy))
          .set("output.dir=" + dir.resolve("runs"));
    }
  }

  private static void image(Path file, int number) throws IOException {
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    image.setRGB(number % 8, 3, 0x102030 * number);
    ImageIO.write(image, "png", file.toFile());
  }

  private static byte[] records(int count) {
    byte[] records = new byte[count * 3073];
    new Random(1).nextBytes(records);
    for (int i = 0; i < count; i++) {
      records[i * 3073] = (byte) (i % 2);
    }
    return records;
  }

  /** Two captions an image; lines 4 and 9 hold none. */
  private static Path captions(Path dir, int images) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int line = 1; line <= 2 * images; line++) {
      String caption = line == 4 || line == 9 ? "..." : "a small cat";
      text.append("%02d.png#%d\t%s\n".formatted((line - 1) / 2, line % 2, caption));
    }
    return Files.writeString(dir.resolve("captions.txt"), text.toString());
  }

  private static byte[] npy(float value) {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
    String padded = header + " ".repeat(117 - header.length()) + "\n";
    ByteBuffer bytes = ByteBuffer.allocate(10 + padded.length() + 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.putShort((short) padded.length());
    bytes.put(padded.getBytes(StandardCharsets.US_ASCII));
    return bytes.putFloat(1).putFloat(value).array();
  }

  private static void train(JobFile job) {
    train(job, Kinds.inARow(SharedData.none()));
  }

  private static void train(JobFile job, Kinds.Trainings trainings) {
    trainings.training(job.job(), new Training.Options(true, false), TrainingProgress.NONE).run();
  }

  private List<String> told() throws IOException {
    List<String> places = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("runs/n/bad-records.jsonl"))) {
      JsonNode record = Json.MAPPER.readTree(line);
      assertThat(record.path("reason").asText()).isNotBlank();
      places.add(record.path("file").asText() + " " + record.path("position").asText());
    }
    return places;
  }

  @ParameterizedTest
  @EnumSource
  void allAreToldOfInOnePassAndTheJobFails(Data data) throws IOException {
    List<String> bad = data.make(dir);
    assertThatThrownBy(() -> train(data.job(dir, "onBadRecord: fail")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("3 bad records: ")
        .hasMessageContaining("data.onBadRecord: skip");
    assertThat(told()).containsExactlyElementsOf(bad);
    assertThatThrownBy(() -> train(data.job(dir, "onBadRecord: skip, maxBadRecords: 2")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("More bad records than data.maxBadRecords = 2: 3");
  }

  @ParameterizedTest
  @EnumSource
  void aFewAreLeftOut(Data data) throws IOException {
    List<String> bad = data.make(dir);
    train(data.job(dir, "onBadRecord: skip, maxBadRecords: 3"));
    assertThat(told()).containsExactlyElementsOf(bad);
    assertThat(dir.resolve("runs/n/summary.json")).exists();
  }

  /** The second training finds no files, nor does the third, which needs them. */
  @ParameterizedTest
  @EnumSource
  void whatWasReadBeforeIsNotReadAgain(Data data) throws IOException {
    Path files = Files.createDirectory(dir.resolve("data"));
    List<String> bad = data.make(files);
    JobFile job =
        data.job(files, "onBadRecord: skip, maxBadRecords: 3").set("output.dir=" + dir + "/runs");
    Kinds.Trainings kept = Kinds.inARow(SharedData.none());
    train(job, kept);
    String first = fingerprint();
    Files.move(files, dir.resolve("elsewhere"));
    train(job.set("training.batchSize=5"), kept);
    assertThat(fingerprint()).isEqualTo(first);
    assertThat(told()).containsExactlyElementsOf(bad);
    assertThatThrownBy(() -> train(job.set("seed=5"), kept)).isInstanceOf(DataException.class);
    assertThatThrownBy(() -> train(job, kept)).isInstanceOf(DataException.class); // let go
  }

  private String fingerprint() {
    return ModelArchive.readManifest(dir.resolve("runs/n/model.zip")).provenance().fingerprint();
  }

  @Test
  void aRunThatIsReplacedStaysWhenTheNewDataAreBad() throws IOException {
    Data data = Data.TEXT;
    Path text = Files.writeString(dir.resolve("text.txt"), "the cat sat on the mat\n".repeat(20));
    train(data.job(dir, "onBadRecord: fail"));
    byte[] model = Files.readAllBytes(dir.resolve("runs/n/model.zip"));
    Files.write(text, new byte[] {'a', (byte) 0xFF, '\n', 'b'});
    assertThatThrownBy(() -> train(data.job(dir, "onBadRecord: fail")))
        .isInstanceOf(DataException.class);
    assertThat(dir.resolve("runs/n/model.zip")).hasBinaryContent(model);
    assertThat(dir.resolve("runs/n/.new/bad-records.jsonl")).exists();
    data.make(dir);
    train(data.job(dir, "onBadRecord: skip"));
    assertThat(told()).hasSize(3);
  }
}
