package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.descry.DescryException;
import org.descry.data.caption.CaptionFiles.SplitLists;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.caption.feature.FeatureFilesTest;
import org.descry.data.caption.file.CaptionFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptionDataTest {
  private static final CaptionLimits LIMITS = new CaptionLimits(1, 5, LongCaptions.FAIL, 0);

  @TempDir Path directory;

  @BeforeEach
  void drawImages() throws IOException {
    for (int i = 0; i < 10; i++) {
      BufferedImage image = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < 24; p++) {
        image.setRGB(p % 6, p / 6, new Color(200, 100, i).getRGB());
      }
      ImageIO.write(image, "png", directory.resolve(i + ".png").toFile());
    }
  }

  private CaptionFiles files(String captions) throws IOException {
    Path file = Files.writeString(directory.resolve("captions"), captions);
    return CaptionFiles.of(file, directory);
  }

  private static String flickr(int images) {
    StringBuilder captions = new StringBuilder();
    for (int i = 0; i < images; i++) {
      captions.append("%d.png#0\tA red dog .\n%d.png#1\tThe dog\n".formatted(i, i));
    }
    return captions.toString();
  }

  private static CaptionData load(CaptionFiles files, CaptionLimits limits) {
    return CaptionData.load(files, limits, 2, 3, 1);
  }

  @Test
  void holdsOutATenthEachBySeed() throws IOException {
    CaptionFiles files = files(flickr(10));
    CaptionData data = load(files, LIMITS);
    assertThat(data.train().images()).isEqualTo(8);
    assertThat(data.train().size()).isEqualTo(16);
    assertThat(data.validation().images()).isOne();
    assertThat(data.test().images()).isOne();
    assertThat(data.missing()).isZero();
    assertThat(load(files, LIMITS).test().name(0)).isEqualTo(data.test().name(0));
  }

  @Test
  void decodesRgbAndEncodesCaptions() throws IOException {
    CaptionSet train = load(files("3.png#0\tA red dog .\n3.png#1\tThe dog\n"), LIMITS).train();
    byte[] pixels = ((PixelInputs) train.inputs()).pixels(0);
    assertThat(pixels).hasSize(2 * 3 * 3);
    assertThat(new int[] {pixels[0] & 0xff, pixels[1], pixels[2]}).containsExactly(200, 100, 3);
    assertThat(train.inputs().shape()).containsExactly(3, 2, 3);
    // <START> a red dog <END>; "dog" occurs twice and comes first.
    assertThat(train.length(0)).isEqualTo(5);
    assertThat(train.token(0, 3)).isEqualTo(4);
    assertThat(train.imageOf(1)).isZero();
    assertThat(train.references(0))
        .containsExactly(List.of("a", "red", "dog"), List.of("the", "dog"));
  }

  @Test
  void takesThePartsFromLists() throws IOException {
    Path train = Files.writeString(directory.resolve("train.txt"), "1.png\n2.png\n");
    Path test = Files.writeString(directory.resolve("test.txt"), "4.png\n");
    CaptionFiles files = files(flickr(10));
    CaptionData data = load(files.withLists(new SplitLists(train, null, test)), LIMITS);
    assertThat(data.train().images()).isEqualTo(2);
    assertThat(data.validation().images()).isZero();
    assertThat(data.test().name(0)).isEqualTo("4.png");
    Path both = Files.writeString(directory.resolve("both.txt"), "1.png\n");
    assertThatThrownBy(() -> load(files.withLists(new SplitLists(train, both, test)), LIMITS))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("both.txt:1: the image 1.png is in the train part too");
  }

  @Test
  void takesThePartsFromKarpathy() throws IOException {
    CaptionData data =
        load(
            files(
                """
                {"images": [
                 {"filename": "1.png", "split": "restval", "sentences": [{"raw": "a dog"}]},
                 {"filename": "2.png", "split": "test", "sentences": [{"raw": "an unseen cat"}]}]}
                """),
            LIMITS);
    assertThat(data.train().name(0)).isEqualTo("1.png");
    assertThat(data.test().token(0, 1)).isEqualTo(Vocabulary.UNKNOWN);
  }

  @Test
  void takesThePartsFromCaptionFilesOfTheirOwn() throws IOException {
    Path validation = Files.writeString(directory.resolve("val"), "2.png#0\tA dog\n");
    CaptionFiles one = files("1.png#0\tA dog\n");
    CaptionFiles files =
        new CaptionFiles(
            one.captions(), CaptionFormat.AUTO, validation, null, null, one.images(), null);
    CaptionData data = load(files, LIMITS);
    assertThat(data.validation().name(0)).isEqualTo("2.png");
    assertThat(data.test().images()).isZero();
  }

  @Test
  void missingImagesCountUpToTheLimit() throws IOException {
    CaptionFiles files = files(flickr(10) + "gone.png#0\tA dog\ngone.png#1\tThe dog\n");
    CaptionData data = load(files, new CaptionLimits(1, 5, LongCaptions.FAIL, 1));
    assertThat(data.missing()).isOne();
    assertThat(data.train().images() + data.validation().images() + data.test().images())
        .isEqualTo(10);
    assertThatThrownBy(() -> load(files, LIMITS))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("data.maxMissing = 0: gone.png");
  }

  @Test
  void longCaptionsFailOrAreCutOrDropped() throws IOException {
    CaptionFiles files = files("1.png#0\tone two three four five six\n1.png#1\tone\n");
    assertThatThrownBy(() -> load(files, LIMITS))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("captions:1")
        .hasMessageContaining("6 words, more than data.maxWords = 5");
    CaptionSet cut = load(files, new CaptionLimits(1, 5, LongCaptions.TRUNCATE, 0)).train();
    assertThat(cut.longest()).isEqualTo(7);
    assertThat(cut.references(0).get(0)).hasSize(6);
    CaptionSet dropped = load(files, new CaptionLimits(1, 5, LongCaptions.DROP, 0)).train();
    assertThat(dropped.size()).isOne();
  }

  @Test
  void noUsablePairIsRefused() throws IOException {
    CaptionLimits generous = new CaptionLimits(1, 5, LongCaptions.FAIL, 9);
    CaptionFiles allGone = files("gone.png#0\tA dog\n");
    assertThatThrownBy(() -> load(allGone, generous))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("No usable pair");
    CaptionFiles headerOnly = files("image,caption\n");
    assertThatThrownBy(() -> load(headerOnly, generous)).hasMessageContaining("No usable pair");
  }

  @Test
  void damagedImagesAreRefusedByName() throws IOException {
    Files.writeString(directory.resolve("1.png"), "no image");
    CaptionFiles files = files("1.png#0\tA dog\n");
    assertThatThrownBy(() -> load(files, LIMITS))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("1.png (8 bytes) is no image");
    Files.write(directory.resolve("1.png"), new byte[0]);
    assertThatThrownBy(() -> load(files, LIMITS))
        .hasMessageContaining("1.png (0 bytes) is no image");
  }

  @Test
  void featuresStandInForImages() throws IOException {
    Path features = Files.createDirectory(directory.resolve("features"));
    Files.write(features.resolve("1.npy"), FeatureFilesTest.npy(1, "<f4", "2,", 1.5, 2));
    CaptionFiles files = files("1.png#0\tA dog\n").withFeatures(features);
    CaptionSet train = load(files, LIMITS).train();
    assertThat(train.inputs().shape()).containsExactly(2);
    assertThat(train.inputs().batch(0, 1).toFloatMatrix()[0]).containsExactly(1.5f, 2f);
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new CaptionLimits(0, 5, LongCaptions.FAIL, 0))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("data.minCount");
    assertThatThrownBy(() -> CaptionFiles.of(directory, null))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("neither");
  }
}
