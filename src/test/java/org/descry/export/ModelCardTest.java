package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.train.ModelArchive;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelCardTest {
  @TempDir static Path dir;
  private static Path model;

  @BeforeAll
  static void train() {
    model = TinyModels.convNet(dir);
  }

  private static String card(Format format) throws IOException {
    return Files.readString(new Export(model, format, dir.resolve("model.zip"), true).run().card());
  }

  @ParameterizedTest
  @EnumSource
  void itTellsWhatTheModelIs(Format format) throws IOException {
    String card = card(format);
    assertThat(card)
        .startsWith(
            "# convnet\n\nPuts pictures of 32 x 32 pixels (RGB) into one of 10 classes. It has")
        .contains("in the format `%s`".formatted(format))
        .contains(ModelArchive.sha256(Files.readAllBytes(dir.resolve("model.zip"))))
        .contains("0 `circle`, 1 `ring`")
        .contains("train 40, validation 10, test 10 (pictures)")
        .contains("seed: 3\n")
        .contains("| validationAccuracy |")
        .doesNotContain("null", "  \n");
  }
}
