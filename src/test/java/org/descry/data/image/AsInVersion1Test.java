package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.descry.data.decode.FixtureFiles;
import org.descry.generate.Decoding;
import org.descry.kind.captioner.TrainedCaptioner;
import org.descry.kind.classifier.TrainedClassifier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images look to models of Descry 0.1.0, which decoded with OpenCV 4.5.5, as they looked then. */
class AsInVersion1Test {
  /** 0.1.0 left WebP as it lay, whatever its orientation mark says. */
  private static final List<String> TURNED = List.of("o3.webp", "o6.webp");

  private static final Path MODELS = Path.of("src/test/resources/models-of-0.1.0");

  @TempDir static Path folder;
  private static Map<String, byte[]> entries;

  @BeforeAll
  static void unpack() throws IOException {
    entries = FixtureFiles.entries();
    for (Map.Entry<String, byte[]> image : FixtureFiles.images().entrySet()) {
      Files.write(folder.resolve(image.getKey()), image.getValue());
    }
  }

  @Test
  void pixelsAreTheSame() {
    int compared = 0;
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      String[] path = entry.getKey().split("/");
      if (!path[0].equals("pixels") || TURNED.contains(path[1])) {
        continue;
      }
      String[] size = path[2].split("x");
      ImageLoader loader = new ImageLoader(Integer.parseInt(size[0]), Integer.parseInt(size[1]), 3);
      assertThat(loader.load(folder.resolve(path[1])).pixels())
          .as(entry.getKey())
          .isEqualTo(entry.getValue());
      compared++;
    }
    assertThat(compared).isGreaterThan(90);
  }

  @Test
  void answersAreTheSame() throws IOException {
    TrainedClassifier classifier = TrainedClassifier.load(MODELS.resolve("shapes-classifier.zip"));
    TrainedCaptioner captioner = TrainedCaptioner.load(MODELS.resolve("shapes-captioner.zip"));
    for (String[] line : FixtureFiles.answers()) {
      if (TURNED.contains(line[0])) {
        continue;
      }
      Path file = folder.resolve(line[0]);
      List<TrainedClassifier.Answer> now = classifier.classify(List.of(file), 10).get(0);
      Map<String, Float> before = new HashMap<>();
      for (String answer : line[1].strip().split(" ")) {
        before.put(answer.split("=")[0], Float.parseFloat(answer.split("=")[1]));
      }
      assertThat(line[1]).as(line[0]).startsWith(now.get(0).label() + "=");
      for (TrainedClassifier.Answer answer : now) {
        assertThat(answer.value())
            .as(line[0])
            .isCloseTo(before.get(answer.label()), within(1e-5f)); // native binaries differ so much
      }
      assertThat(captioner.caption(List.of(file), Decoding.greedy(20)).get(0))
          .as(line[0])
          .isEqualTo(line[2]);
    }
  }
}
