package org.descry.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.descry.cases.CaseFiles.classes;
import static org.descry.cases.CaseFiles.cut;
import static org.descry.cases.CaseFiles.image;
import static org.descry.cases.CaseFiles.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.descry.cases.Case.Desk;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.Pngs;
import org.descry.data.image.ImageSet;
import org.descry.data.image.cifar.Pickled;
import org.descry.io.Json;

/** Image folders and CIFAR archives. */
final class ImageCases {
  static final List<Case> ALL =
      List.of(
          new Case("04-valid-folder", ImageCases::valid, ImageCases::validIsValidation),
          new Case("05-nested-class-folders", ImageCases::nested, ImageCases::allAreCounted),
          new Case("06-truncated-jpeg", ImageCases::cutOff, ImageCases::cutOffIsSaid),
          new Case("10-batchnorm-batch-of-one", ImageCases::ofFortyNine, ImageCases::oneIsRefused),
          new Case("15-cifar-python", ImageCases::pickles, ImageCases::picklesAreRead),
          new Case("16-cifar100-coarse", ImageCases::cifar100, ImageCases::coarseLabels),
          new Case("20-single-class", ImageCases::oneClass, ImageCases::oneClassIsRefused),
          new Case("22-evaluate-class-order", ImageCases::shapes, ImageCases::matchedByName));

  private static final int RECORD = 3072;
  private static final String SHAPES = Case.MODELS.resolve("shapes-classifier.zip").toString();

  private ImageCases() {}

  private static void job(Path folder, boolean batchNorm, String training) throws IOException {
    text(
        folder,
        "job.yaml",
        """
        name: job
        seed: 1
        model: {type: convnet, stages: [{filters: 8}], hidden: [8], batchNorm: %s}
        data: {source: image-folder, path: @/pictures, height: 16, width: 16}
        training: {optimizer: {type: adam, learningRate: 0.01}, %s}
        """
            .formatted(batchNorm, training));
  }

  private static void parts(Path folder, int train, String validation) throws IOException {
    classes(folder.resolve("pictures/train"), train);
    classes(folder.resolve("pictures").resolve(validation), 2);
    classes(folder.resolve("pictures/test"), 2);
  }

  private static void valid(Path folder) throws IOException {
    parts(folder, 8, "valid");
    job(folder, false, "epochs: 1, batchSize: 8");
  }

  private static void validIsValidation(Desk desk) throws IOException {
    assertThat(row(desk.done("data", "inspect", "pictures"), "all")).isEqualTo("all 24 6 6");
    desk.done("train", "job.yaml", "--fast-dev-run");
  }

  /** The row of a table that begins with a name, single blanks between its columns. */
  private static String row(String table, String name) {
    return table
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.replaceAll(" +", " "))
        .collect(Collectors.joining("\n"));
  }

  private static void nested(Path folder) throws IOException {
    classes(folder.resolve("pictures"), 4);
    for (int i = 0; i < 4; i++) {
      image(folder.resolve("pictures/red/session2/%d.jpg".formatted(i)), 300 + i);
    }
    for (int i = 0; i < 3; i++) {
      image(folder.resolve("pictures/blue/a/b/%d.jpg".formatted(i)), 302 + i);
    }
  }

  private static void allAreCounted(Desk desk) throws IOException {
    String table = desk.done("data", "inspect", "pictures");
    assertThat(row(table, "red")).isEqualTo("red 8 0 0");
    assertThat(row(table, "green")).isEqualTo("green 4 0 0");
    assertThat(row(table, "blue")).isEqualTo("blue 7 0 0");
  }

  private static void cutOff(Path folder) throws IOException {
    classes(folder.resolve("pictures"), 3);
    for (String file : List.of("cut60.jpg", "cut50.tif", "cut50.png")) {
      Path whole = folder.resolve("whole" + file.substring(file.indexOf('.')));
      image(whole, 7, 64);
      double share = Double.parseDouble("0." + file.replaceAll("\\D", ""));
      cut(whole, share, folder.resolve(file));
    }
    Files.copy(folder.resolve("cut60.jpg"), folder.resolve("pictures/blue/cut60.jpg"));
  }

  private static void cutOffIsSaid(Desk desk) throws IOException {
    desk.done("predict", SHAPES, "whole.jpg");
    for (String file : List.of("cut60.jpg", "cut50.tif", "cut50.png")) {
      assertThat(desk.refused(3, "predict", SHAPES, file)).contains(file, "cut off");
    }
    assertThat(desk.refused(3, "data", "inspect", "pictures")).contains("cut60.jpg", "cut off");
  }

  private static void ofFortyNine(Path folder) throws IOException {
    parts(folder, 16, "validation");
    image(folder.resolve("pictures/train/red/odd.jpg"), 999);
    job(folder, true, "epochs: 5, batchSize: 1");
  }

  private static void oneIsRefused(Desk desk) throws IOException {
    assertThat(desk.refused(2, "train", "job.yaml")).contains("training.batchSize is 1");
    String last =
        desk.done("train", "job.yaml", "--set", "training.batchSize=48", "--set", "name=last");
    assertThat(last).contains("on 49 images: 5 epochs of 1 steps", "Test accuracy 100.00%");
    String[] without = {
      "train", "job.yaml", "--set", "model.batchNorm=false", "--set", "name=without"
    };
    assertThat(desk.done(without)).contains("Test accuracy 100.00%");
  }

  private static byte[] noise(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void pickles(Path folder) throws IOException {
    Path batches = Files.createDirectories(folder.resolve("cifar-10-batches-py"));
    for (String name : List.of("data_batch_1", "data_batch_2", "test_batch")) {
      List<Integer> labels = IntStream.range(0, 10).boxed().toList();
      byte[] data = noise(10 * RECORD, name.hashCode());
      Pickled.Writer writer = Pickled.Writer.values()[name.length() % 3];
      Files.write(batches.resolve(name), Pickled.batch(writer, data, "labels", labels));
    }
    text(
        folder,
        "job.yaml",
        """
        name: job
        model: {type: three-layer-convnet}
        data: {source: cifar10, path: @, validation: 5}
        training: {epochs: 1, batchSize: 10}
        """);
  }

  private static void picklesAreRead(Desk desk) throws IOException {
    String table = desk.done("data", "inspect", "cifar-10-batches-py");
    assertThat(row(table, "all")).isEqualTo("all 20 0 10");
    assertThat(desk.done("train", "job.yaml")).contains(" on 15 images: ");
  }

  private static void cifar100(Path folder) throws IOException {
    Path set = Files.createDirectories(folder.resolve("cifar-100-binary"));
    for (String part : List.of("train", "test")) {
      int count = part.equals("train") ? 40 : 10;
      byte[] records = noise(count * (2 + RECORD), count);
      for (int i = 0; i < count; i++) {
        records[i * (2 + RECORD)] = (byte) (i % 20);
        records[i * (2 + RECORD) + 1] = (byte) (i % 20 * 5 + i / 20);
      }
      Files.write(set.resolve(part + ".bin"), records);
    }
    for (String kind : List.of("coarse", "fine")) {
      int count = kind.equals("coarse") ? 20 : 100;
      String names =
          IntStream.range(0, count).mapToObj(i -> kind + i + "\n").collect(Collectors.joining());
      text(set, kind + "_label_names.txt", names);
    }
  }

  private static void coarseLabels(Desk desk) throws IOException {
    String table = desk.done("data", "inspect", "cifar-100-binary", "--labels", "coarse");
    for (int i = 0; i < 20; i++) {
      assertThat(row(table, "coarse" + i)).startsWith("coarse%d 2 0 ".formatted(i));
    }
    assertThat(desk.done("data", "inspect", "cifar-100-binary")).contains("fine99");
  }

  private static void oneClass(Path folder) throws IOException {
    for (int i = 0; i < 20; i++) {
      image(folder.resolve("pictures/red/%d.jpg".formatted(i)), 3 * i);
    }
    job(folder, false, "epochs: 2, batchSize: 8");
  }

  private static void oneClassIsRefused(Desk desk) throws IOException {
    assertThat(desk.refused(3, "train", "job.yaml")).contains("one class alone: red");
  }

  /** Shapes of the built-in set, in folders: the model has the classes in another order. */
  private static void shapes(Path folder) throws IOException {
    ImageSet images = Shapes.generate(5, 1, 1, 20).test();
    for (int i = 0; i < images.size(); i++) {
      String name = images.labelNames().get(images.label(i));
      Path file = folder.resolve("pictures/%s/%d.png".formatted(name, i));
      Files.createDirectories(file.getParent());
      Pngs.write(images, i, file);
    }
  }

  private static void matchedByName(Desk desk) throws IOException {
    List<String> args = new ArrayList<>(List.of("predict", SHAPES, "--top", "1", "--json"));
    try (Stream<Path> files = Files.walk(desk.folder().resolve("pictures"))) {
      files.filter(Files::isRegularFile).sorted().map(Path::toString).forEach(args::add);
    }
    int right = 0;
    for (JsonNode answer : Json.MAPPER.readTree(desk.run(args.toArray(String[]::new)).out())) {
      String folder = Path.of(answer.get("image").asText()).getParent().getFileName().toString();
      right += folder.equals(answer.at("/predictions/0/label").asText()) ? 1 : 0;
    }
    JsonNode scores =
        Json.MAPPER.readTree(desk.run("evaluate", SHAPES, "--data", "pictures", "--json").out());
    assertThat(scores.get("examples").asInt()).isEqualTo(20);
    assertThat(scores.get("accuracy").asDouble()).isEqualTo(right / 20.0, within(1e-9));
    if (Files.exists(desk.folder().resolve("pictures/ring/1.png"))) { // noise has no right answers
      assertThat(right).isGreaterThanOrEqualTo(18);
    }
  }
}
