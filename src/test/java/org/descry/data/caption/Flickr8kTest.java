package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.DescryException;
import org.descry.data.caption.CaptionFiles.SplitLists;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.caption.file.Caption;
import org.descry.data.caption.file.CaptionFile;
import org.descry.data.caption.file.CaptionFormat;
import org.descry.testing.Shared;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Flickr8k, which has captions of an image that does not exist. */
class Flickr8kTest {
  private static final String MISSING = "2258277193_586949ec62.jpg.1";

  @TempDir static Path directory;
  private static Path root;

  @BeforeAll
  static void unpack() throws IOException, InterruptedException {
    Path archive = Shared.require("data/flickr8k-64.tar.xz");
    Process tar =
        new ProcessBuilder("tar", "-xJf", archive.toString(), "-C", directory.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    root = directory.resolve("flickr8k");
  }

  private static List<String> read(String file) {
    List<String> captions = new ArrayList<>();
    try (CaptionFile open = CaptionFile.open(root.resolve(file), CaptionFormat.AUTO)) {
      for (Caption caption = open.next(); caption != null; caption = open.next()) {
        captions.add(caption.image().file() + "|" + Tokenizer.tokenize(caption.text()));
      }
    }
    return captions;
  }

  @Test
  void bothFormsOfTheFileHoldTheSameCaptions() {
    List<String> tokens = read("Flickr8k.token.txt");
    assertThat(tokens).hasSize(40460);
    assertThat(tokens.stream().filter(c -> c.startsWith(MISSING))).hasSize(5);
    tokens.removeIf(c -> c.startsWith(MISSING));
    assertThat(read("captions.txt")).hasSize(40455).containsExactlyInAnyOrderElementsOf(tokens);
  }

  @Test
  void theStandardSplitLoads() {
    SplitLists lists =
        new SplitLists(
            root.resolve("Flickr_8k.trainImages.txt"),
            root.resolve("Flickr_8k.devImages.txt"),
            root.resolve("Flickr_8k.testImages.txt"));
    CaptionData data =
        CaptionData.load(
            CaptionFiles.of(root.resolve("Flickr8k.token.txt"), root.resolve("images64"))
                .withLists(lists),
            new CaptionLimits(5, 20, LongCaptions.TRUNCATE, 0),
            64,
            64,
            1);
    assertThat(data.train().images()).isEqualTo(6000);
    assertThat(data.validation().images()).isEqualTo(1000);
    assertThat(data.test().images()).isEqualTo(1000);
    assertThat(data.train().size()).isEqualTo(30000);
    assertThat(data.train().longest()).isEqualTo(22);
    // "a" is by far the most frequent word.
    assertThat(data.vocabulary().word(4)).isEqualTo("a");
    assertThat(data.vocabulary().size()).isBetween(2000, 3000);
  }

  @Test
  void theImageThatDoesNotExistIsCounted() {
    CaptionFiles files =
        CaptionFiles.of(root.resolve("Flickr8k.token.txt"), root.resolve("images64"));
    CaptionData data =
        CaptionData.load(files, new CaptionLimits(5, 40, LongCaptions.FAIL, 1), 8, 8, 1);
    assertThat(data.missing()).isOne();
    assertThat(data.train().size() + data.validation().size() + data.test().size())
        .isEqualTo(40455);
    CaptionLimits strict = new CaptionLimits(5, 40, LongCaptions.FAIL, 0);
    assertThatThrownBy(() -> CaptionData.load(files, strict, 8, 8, 1))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("images64: 1, more than")
        .hasMessageContaining(MISSING);
  }
}
