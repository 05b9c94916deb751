package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.descry.DescryException;
import org.descry.data.caption.CaptionFiles.Images;
import org.descry.data.caption.CaptionFiles.SplitLists;
import org.descry.data.caption.feature.FeatureFilesTest;
import org.descry.data.caption.file.CaptionFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Caption files, folders and features as they are downloaded. */
class CaptionLayoutsTest extends DrawnCaptions {

  private static String coco(String name) {
    return """
    {"images": [{"id": 1, "file_name": "%s"}],
     "annotations": [{"image_id": 1, "id": 3, "caption": "A dog."}]}
    """
        .formatted(name);
  }

  private static int red(CaptionSet set, int image) {
    return ((PixelInputs) set.inputs()).pixels(image)[0];
  }

  private CaptionFiles coco2017(String train, String validation, Images images) throws IOException {
    return new CaptionFiles(
        write("annotations/train.json", coco(train)),
        CaptionFormat.AUTO,
        write("annotations/val.json", coco(validation)),
        null,
        null,
        images,
        null);
  }

  @Test
  void imagesAreFoundInFoldersBelowTheFolder() throws IOException {
    draw("train2017/001.png", 10);
    draw("val2017/002.png", 20);
    CaptionData data = load(coco2017("001.png", "002.png", Images.in(directory)));
    assertThat(red(data.train(), 0)).isEqualTo(10);
    assertThat(red(data.validation(), 0)).isEqualTo(20);
  }

  @Test
  void theFolderItselfComesBeforeThoseBelow() throws IOException {
    draw("001.png", 10);
    draw("thumbs/001.png", 99);
    draw("val/002.png", 20);
    CaptionData data = load(coco2017("001.png", "val/002.png", Images.in(directory)));
    assertThat(red(data.train(), 0)).isEqualTo(10);
    assertThat(red(data.validation(), 0)).isEqualTo(20);
  }

  @Test
  void anImageThatMayBeOneOfTwoIsRefused() throws IOException {
    draw("train/001.png", 10);
    draw("val/001.png", 20);
    draw("val/002.png", 20);
    CaptionFiles files = coco2017("001.png", "002.png", Images.in(directory));
    assertThatThrownBy(() -> load(files))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("001.png is not in " + directory)
        .hasMessageContaining("splits.validationImages");
    // A folder in the name is not passed over: test/001.png is none of the two.
    CaptionFiles elsewhere = coco2017("test/001.png", "002.png", Images.in(directory));
    assertThatThrownBy(() -> load(elsewhere)).hasMessageContaining("data.maxMissing = 0");
  }

  @Test
  void aFolderForEachPartTellsImagesOfOneNameApart() throws IOException {
    draw("train/001.png", 10);
    draw("val/001.png", 20);
    CaptionFiles files =
        coco2017(
            "001.png",
            "001.png",
            new Images(directory.resolve("train"), directory.resolve("val"), null));
    CaptionData data = load(files);
    assertThat(red(data.train(), 0)).isEqualTo(10);
    assertThat(red(data.validation(), 0)).isEqualTo(20);
    CaptionFiles one = coco2017("001.png", "001.png", Images.in(directory.resolve("train")));
    assertThatThrownBy(() -> load(one))
        .hasMessageContaining("is in two parts")
        .hasMessageContaining("splits.validationImages");
  }

  private CaptionFiles karpathy() throws IOException {
    return CaptionFiles.of(
        write(
            "dataset_coco.json",
            """
            {"images": [
             {"filepath": "train2014", "filename": "1.png", "cocoid": 2, "imgid": 0,
              "split": "Train", "sentences": [{"raw": "a dog"}]},
             {"filepath": "val2014", "filename": "1.png", "cocoid": 42, "imgid": 1,
              "split": "restval", "sentences": [{"raw": "a cat"}]},
             {"filepath": "val2014", "filename": "3.png", "cocoid": 43, "imgid": 2,
              "split": "valid", "sentences": [{"raw": "a cow"}]}]}
            """),
        directory);
  }

  @Test
  void karpathysFoldersAreJoined() throws IOException {
    draw("train2014/1.png", 10);
    draw("val2014/1.png", 20);
    draw("3.png", 30); // unpacked without folders
    CaptionData data = load(karpathy());
    assertThat(data.train().images()).isEqualTo(2);
    assertThat(red(data.train(), 0)).isEqualTo(10);
    assertThat(red(data.train(), 1)).isEqualTo(20);
    assertThat(red(data.validation(), 0)).isEqualTo(30);
  }

  private Path features(String... names) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("features"));
    for (int i = 0; i < names.length; i++) {
      Files.write(folder.resolve(names[i] + ".npy"), FeatureFilesTest.npy(1, "<f4", "1,", i));
    }
    return folder;
  }

  private static List<Float> values(CaptionSet set) {
    return IntStream.range(0, set.images())
        .mapToObj(i -> set.inputs().batch(i, i + 1).getFloat(0))
        .toList();
  }

  @Test
  void featuresMayBeNamedByCocoIdOrImageIdOrFile() throws IOException {
    // 2 is the COCO id of one image and the imgid of another.
    Path byCocoId = features("2", "42", "43");
    assertThat(values(load(karpathy().withFeatures(byCocoId)).train())).containsExactly(0f, 1f);
    Files.delete(byCocoId.resolve("42.npy"));
    Files.delete(byCocoId.resolve("43.npy"));
    Path byImageId = features("0", "1", "2");
    CaptionData data = load(karpathy().withFeatures(byImageId));
    assertThat(values(data.train())).containsExactly(0f, 1f);
    assertThat(values(data.validation())).containsExactly(2f);
  }

  @Test
  void rowsOfAMatrixMayBeNamedById() throws IOException {
    Files.write(directory.resolve("m.npy"), FeatureFilesTest.npy(1, "<f4", "3, 1", 5, 6, 7));
    write("m.txt", "43\n2\n42\n");
    CaptionData data = load(karpathy().withFeatures(directory.resolve("m.npy")));
    assertThat(values(data.train())).containsExactly(6f, 7f);
    assertThat(values(data.validation())).containsExactly(5f);
  }

  @Test
  void featuresOfTheNumbersOfACocoFileAreFound() throws IOException {
    CaptionFiles files =
        CaptionFiles.of(
                write(
                    "c.json", coco("COCO_train2014_000000000001.jpg").replace(": 1,", ": \"x1\",")),
                directory)
            .withFeatures(features("x1"));
    assertThat(load(files).train().images()).isOne();
  }

  @Test
  void namesThatFitTwoWaysAreRefused() throws IOException {
    String both =
        """
        {"images": [{"filename": "a.jpg", "cocoid": 0, "imgid": 1, "split": "train",
                     "sentences": [{"raw": "a dog"}]},
                    {"filename": "b.jpg", "cocoid": 1, "imgid": 0, "split": "train",
                     "sentences": [{"raw": "a cat"}]}]}
        """;
    CaptionFiles files =
        CaptionFiles.of(write("k.json", both), directory).withFeatures(features("0", "1"));
    assertThatThrownBy(() -> load(files))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("may be named by COCO id or by imgid");
  }

  @Test
  void oneVectorIsNotSharedByTwoImages() throws IOException {
    CaptionFiles files =
        CaptionFiles.of(write("c.txt", "a.jpg#0\ta dog\na.png#0\ta cat\n"), directory)
            .withFeatures(features("a"));
    assertThatThrownBy(() -> load(files))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("a.jpg and a.png share one");
  }

  @Test
  void flickr30kSplitsItselfWithFourImages() throws IOException {
    List<String> rows = new ArrayList<>(List.of("image_name| comment_number| comment"));
    for (int i = 0; i < 20; i++) {
      draw(100 + i / 5 + ".png", i);
      rows.add("%d.png| %d%s A dog runs .".formatted(100 + i / 5, i % 5, i == 14 ? "  " : "|"));
    }
    CaptionData data =
        load(CaptionFiles.of(write("results.csv", String.join("\n", rows)), directory));
    assertThat(size(data)).isEqualTo(20);
    assertThat(data.train().images()).isEqualTo(2);
    assertThat(data.validation().images()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"val", "valid", "validation", "dev", "Val", " VALIDATION "})
  void aValidationPartHasManyNames(String word) throws IOException {
    draw("1.png", 1);
    draw("2.png", 2);
    String rows = "image,split,caption\n1.png,train,A dog\n2.png,%s,A cat\n".formatted(word);
    CaptionData data = load(CaptionFiles.of(write("c.csv", rows), directory));
    assertThat(data.validation().name(0)).isEqualTo("2.png");
  }

  @Test
  void listsMayLackTheEndings() throws IOException {
    draw("1.png", 1);
    draw("2.png", 2);
    CaptionFiles files =
        CaptionFiles.of(write("c.txt", "1.png#0\tA dog\n2.png#0\tA cat\n"), directory)
            .withLists(new SplitLists(write("train.txt", "1\n"), write("val.txt", "2\n"), null));
    assertThat(load(files).validation().name(0)).isEqualTo("2.png");
  }

  @Test
  void normalisingReadsNoCaptionAgain() throws IOException {
    draw("1.png", 1);
    CaptionSet set = load(CaptionFiles.of(write("c.txt", "1.png#0\tA dog\n"), directory)).train();
    PixelInputs images = (PixelInputs) set.inputs();
    CaptionSet other = set.normalized(images.normalizer());
    // The very words, not equal ones.
    assertThat(other.references(0).get(0)).isSameAs(set.references(0).get(0));
    assertThat(set.withVocabulary(set.vocabulary()).references(0).get(0))
        .isSameAs(set.references(0).get(0));
  }
}
