package org.descry.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.descry.cases.CaseFiles.colour;
import static org.descry.cases.CaseFiles.image;
import static org.descry.cases.CaseFiles.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.descry.cases.Case.Desk;
import org.descry.io.Json;

/** Captions and features. */
final class CaptionCases {
  static final List<Case> ALL =
      List.of(
          new Case("01-coco-string-ids", CaptionCases::textIds, CaptionCases::threeColours),
          new Case("02-karpathy-filepath", CaptionCases::subfolders, CaptionCases::trains),
          new Case("03-coco2017-two-folders", CaptionCases::coco2017, CaptionCases::trains),
          new Case(
              "07-caption-without-words", CaptionCases::withoutWords, CaptionCases::oneLeftOut),
          new Case("08-npy-variants", CaptionCases::arrays, CaptionCases::sameFigures),
          new Case("09-flickr30k-csv", CaptionCases::flickr30k, CaptionCases::bothTables),
          new Case("17-features-by-id", CaptionCases::featuresById, CaptionCases::trains));

  private static final int FEATURES = 30;

  private CaptionCases() {}

  private static void job(Path folder, String data, String training) throws IOException {
    boolean features = data.contains("features");
    String stages = features ? "" : "stages: [{filters: 8}], ";
    String size = features ? "" : "height: 16, width: 16, ";
    text(
        folder,
        "job.yaml",
        """
        name: job
        seed: 1
        model: {type: captioning-rnn, %sembedding: 16, hidden: 24}
        data: {source: captions, %sminCount: 1, %s}
        training: {batchSize: 10, optimizer: {type: adam, learningRate: 0.01}, %s}
        decoding: {beam: 2, maxLength: 8}
        """
            .formatted(stages, size, data, training));
  }

  private static String run(Desk desk) throws IOException {
    String job = Files.readString(desk.folder().resolve("job.yaml"));
    return job.lines().findFirst().orElseThrow().substring("name: ".length());
  }

  private static void trains(Desk desk) throws IOException {
    assertThat(desk.done("train", "job.yaml")).doesNotContain("left out");
    assertThat(desk.summary(run(desk)).get("perplexity").asDouble()).isPositive();
  }

  /** A COCO file, whose ids are what {@code id} makes of the images' numbers. */
  private static void coco(Path folder, String name, String images, int first, int count)
      throws IOException {
    List<Map<String, Object>> listed = new ArrayList<>();
    List<Map<String, Object>> captions = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      String file = "%012d.jpg".formatted(i);
      image(folder.resolve(images).resolve(file), i);
      Object id = name.startsWith("text") ? "img-a%02d".formatted(i) : (Object) i;
      listed.add(Map.of("id", id, "file_name", file));
      captions.add(Map.of("image_id", id, "caption", "the picture is " + colour(i), "id", i));
    }
    text(folder, name, Json.line(Map.of("images", listed, "annotations", captions)));
  }

  private static void textIds(Path folder) throws IOException {
    coco(folder, "text-train.json", "images", 0, 30);
    coco(folder, "text-val.json", "images", 30, 9);
    coco(folder, "text-test.json", "images", 60, 9);
    for (int i = 0; i < 3; i++) {
      image(folder.resolve("images/test-0%d.jpg".formatted(i)), 90 + i);
    }
    job(
        folder,
        "captions: @/text-train.json, images: @/images, splits: {validationCaptions:"
            + " @/text-val.json, testCaptions: @/text-test.json}",
        "epochs: 25");
  }

  private static void threeColours(Desk desk) throws IOException {
    desk.done("train", "job.yaml");
    String model = "runs/%s/model.zip".formatted(run(desk));
    List<String> args = new ArrayList<>(List.of("caption", model));
    IntStream.range(0, 3).forEach(i -> args.add("images/test-0%d.jpg".formatted(i)));
    String captions = desk.run(args.toArray(String[]::new)).out();
    for (int i = 0; i < 3; i++) {
      assertThat(captions).contains("test-0%d.jpg: the picture is %s\n".formatted(i, colour(i)));
    }
  }

  private static Map<String, Object> karpathy(int i, String folder) {
    return Map.of(
        "filepath",
        folder,
        "filename",
        "%06d.jpg".formatted(i),
        "imgid",
        i,
        "cocoid",
        7 * i,
        "split",
        i < 20 ? "train" : i < 25 ? "val" : "test",
        "sentences",
        List.of(Map.of("tokens", List.of("a", colour(i), "square"))));
  }

  private static void subfolders(Path folder) throws IOException {
    List<Map<String, Object>> images = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      String sub = i % 2 == 0 ? "train2014" : "val2014";
      images.add(karpathy(i, sub));
      image(folder.resolve("coco/%s/%06d.jpg".formatted(sub, i)), i);
    }
    text(folder, "dataset_coco.json", Json.line(Map.of("images", images, "dataset", "coco")));
    job(folder, "captions: @/dataset_coco.json, images: @/coco", "epochs: 2");
  }

  private static void coco2017(Path folder) throws IOException {
    coco(folder, "annotations/captions_train2017.json", "train2017", 0, 20);
    coco(folder, "annotations/captions_val2017.json", "val2017", 100, 6);
    coco(folder, "annotations/captions_test2017.json", "test2017", 200, 6);
    job(
        folder,
        "captions: @/annotations/captions_train2017.json, images: @, splits: {validationCaptions:"
            + " @/annotations/captions_val2017.json, testCaptions:"
            + " @/annotations/captions_test2017.json}",
        "epochs: 2");
  }

  private static void withoutWords(Path folder) throws IOException {
    StringBuilder captions = new StringBuilder("image,caption\n");
    for (int i = 0; i < 12; i++) {
      image(folder.resolve("images/p%02d.jpg".formatted(i)), i);
      captions.append("p%02d.jpg,a %s square\n".formatted(i, colour(i)));
      captions.append("p%02d.jpg,%s\n".formatted(i, i == 7 ? "..." : "it is " + colour(i)));
    }
    text(folder, "captions.txt", captions.toString());
    job(folder, "captions: @/captions.txt, images: @/images", "epochs: 2");
  }

  private static void oneLeftOut(Desk desk) throws IOException {
    assertThat(desk.done("train", "job.yaml")).contains("left out: 1 ", "p07.jpg");
    String[] strict = {"train", "job.yaml", "--set", "data.maxBadRecords=0", "--force"};
    assertThat(desk.refused(3, strict)).contains("p07.jpg");
  }

  private static float feature(int row, int column) {
    return row % 3 == column % 3 ? 1.5f : -row / 8f;
  }

  /** The same thirty rows of six in five files. */
  private static void arrays(Path folder) throws IOException {
    ByteBuffer rows = ByteBuffer.allocate(FEATURES * 6 * 4).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer columns = ByteBuffer.allocate(rows.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer halves = ByteBuffer.allocate(rows.capacity() / 2).order(ByteOrder.LITTLE_ENDIAN);
    try (ZipOutputStream zip = // sizes come after the data, as in what goes through a pipe
        new ZipOutputStream(Files.newOutputStream(folder.resolve("piped.npz")))) {
      for (int row = 0; row < FEATURES; row++) {
        float[] values = new float[6];
        for (int column = 0; column < 6; column++) {
          values[column] = feature(row, column);
          rows.putFloat(values[column]);
          halves.putShort(half(values[column]));
        }
        zip.putNextEntry(new ZipEntry("p%02d.npy".formatted(row)));
        zip.write(
            CaseFiles.npy(
                "'descr': '<f4', 'fortran_order': False, 'shape': (6,), ",
                CaseFiles.floats(values)));
      }
    }
    for (int column = 0; column < 6; column++) {
      for (int row = 0; row < FEATURES; row++) {
        columns.putFloat(feature(row, column));
      }
    }
    Map<String, byte[]> files =
        Map.of(
            "c", array("'<f4'", "False", "30, 6", rows),
            "fortran", array("'<f4'", "True", "30, 6", columns),
            "half", array("'<f2'", "False", "30, 6", halves),
            "python2", array("'<f4'", "False", "30L, 6L", rows));
    String names =
        IntStream.range(0, FEATURES)
            .mapToObj("p%02d.jpg\n"::formatted)
            .collect(Collectors.joining());
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey() + ".npy"), file.getValue());
      text(folder, file.getKey() + ".txt", names);
    }
    String captions =
        IntStream.range(0, FEATURES)
            .mapToObj(i -> "p%02d.jpg,a %s square\n".formatted(i, colour(i)))
            .collect(Collectors.joining());
    text(folder, "captions.txt", "image,caption\n" + captions);
    job(folder, "captions: @/captions.txt, features: @/c.npy", "epochs: 2");
  }

  private static byte[] array(String type, String fortran, String shape, ByteBuffer values) {
    return CaseFiles.npy(
        "'descr': %s, 'fortran_order': %s, 'shape': (%s), ".formatted(type, fortran, shape),
        values);
  }

  /** IEEE 754's half precision of a number that has one. */
  private static short half(float value) {
    int bits = Float.floatToIntBits(value);
    if (value == 0) {
      return (short) (bits >>> 16);
    }
    int exponent = (bits >>> 23 & 0xff) - 127 + 15;
    return (short) (bits >>> 16 & 0x8000 | exponent << 10 | bits >>> 13 & 0x3ff);
  }

  private static void sameFigures(Desk desk) throws IOException {
    List<String> losses = new ArrayList<>();
    for (String file : List.of("c.npy", "fortran.npy", "half.npy", "python2.npy", "piped.npz")) {
      String name = file.substring(0, file.indexOf('.'));
      desk.done(
          "train",
          "job.yaml",
          "--set",
          "data.features=" + file,
          "--set",
          "name=" + name,
          "--fast-dev-run");
      JsonNode epoch = desk.epochs(name + "-fast-dev-run").get(0);
      losses.add(epoch.get("trainLoss") + " " + epoch.get("validationLoss"));
    }
    // halves round what the original case has in them
    assertThat(losses)
        .allSatisfy(
            loss -> assertThat(loss.substring(0, 6)).isEqualTo(losses.get(0).substring(0, 6)));
    assertThat(List.of(losses.get(1), losses.get(3), losses.get(4))).containsOnly(losses.get(0));
  }

  private static void flickr30k(Path folder) throws IOException {
    StringBuilder bars = new StringBuilder("image_name| comment_number| comment\n");
    StringBuilder commas = new StringBuilder("image_name,comment_number,comment\n");
    for (int i = 0; i < 20; i++) {
      String name = "%d.jpg".formatted(100 + i / 5);
      String second = i == 9 ? " 4   " : " %d| ".formatted(i % 5);
      bars.append("%s|%sA %s square .\n".formatted(name, second, colour(i / 5)));
      commas.append("%s,%d,\"A square, %s .\"\n".formatted(name, i % 5, colour(i / 5)));
    }
    for (int i = 0; i < 4; i++) {
      image(folder.resolve("images/%d.jpg".formatted(100 + i)), i);
    }
    text(folder, "results.csv", bars.toString());
    text(folder, "captions.txt", commas.toString());
    job(folder, "captions: @/results.csv, images: @/images", "epochs: 1");
  }

  private static void bothTables(Desk desk) throws IOException {
    for (String file : List.of("results.csv", "captions.txt")) {
      String[] args = {
        "train", "job.yaml", "--set", "data.captions=" + file, "--set", "name=from-" + file
      };
      // two images train, one each validates and tests, with five captions each
      assertThat(desk.done(args)).contains(" on 10 captions: ").doesNotContain("left out");
    }
  }

  private static void featuresById(Path folder) throws IOException {
    List<Map<String, Object>> images = new ArrayList<>();
    Path features = Files.createDirectories(folder.resolve("feats"));
    for (int i = 0; i < FEATURES; i++) {
      images.add(karpathy(i, "val2014"));
      try (OutputStream out = Files.newOutputStream(features.resolve(7 * i + ".npy"))) {
        String header = "'descr': '<f4', 'fortran_order': False, 'shape': (2,), ";
        out.write(CaseFiles.npy(header, CaseFiles.floats(feature(i, 0), feature(i, 1))));
      }
    }
    text(folder, "dataset_coco.json", Json.line(Map.of("images", images, "dataset", "coco")));
    job(folder, "captions: @/dataset_coco.json, features: @/feats", "epochs: 2");
  }
}
