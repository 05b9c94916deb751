package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir Path dir;

  private Cli.Outcome last;

  private int run(String... args) {
    last = Cli.here(args);
    return last.code();
  }

  @Test
  void aModelIsExported() throws IOException {
    Path job =
        Files.writeString(
            dir.resolve("job.yaml"),
            """
            name: small
            model: {type: three-layer-convnet, filters: 4, filterSize: 3, hidden: 8}
            data: {source: shapes, train: 40, validation: 10, test: 10}
            training: {epochs: 1, batchSize: 20}
            output: {dir: '%s'}
            """
                .formatted(dir));
    assertThat(run("train", job.toString())).isZero();
    String model = dir.resolve("small/model.zip").toString();
    Path stock = dir.resolve("stock.zip");
    assertThat(run("export", model, "--format", "dl4j-stock", "--out", stock.toString())).isZero();
    assertThat(last.out().lines().toList())
        .hasSize(3)
        .startsWith("Wrote " + stock, "Wrote " + dir.resolve("stock.md"));
    assertThat(last.out()).contains("Read back, its 80 outputs for a fixed batch ");

    assertThat(run("export", model, "--format", "dl4j-stock", "--out", stock.toString()))
        .isEqualTo(2);
    assertThat(last.err()).contains(stock + ": exists already", "--force");

    Path own = dir.resolve("own.zip");
    assertThat(run("export", model, "--format", "dl4j", "--out", own.toString())).isZero();
    Path image = dir.resolve("image.png");
    ImageIO.write(new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
    run("predict", model, image.toString());
    String answer = last.out();
    assertThat(run("predict", own.toString(), image.toString())).isZero();
    assertThat(last.out()).isEqualTo(answer);
    assertThat(run("predict", stock.toString(), image.toString())).isEqualTo(3);
  }

  @Test
  void wrongCommandLinesExitWithTwo() {
    assertThat(run("export", "model.zip", "--format", "dl4j")).isEqualTo(2);
    assertThat(run("export", "model.zip", "--format", "keras", "--out", "x.zip")).isEqualTo(2);
    assertThat(last.err()).contains("dl4j, dl4j-stock");
    assertThat(run("export", dir + "/none.zip", "--format", "dl4j", "--out", dir + "/x.zip"))
        .isEqualTo(3);
    assertThat(last.err()).contains("none.zip: no such file; expected a model zip.");
  }
}
