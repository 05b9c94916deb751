package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.descry.io.PngWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names that would clear the screen or turn the writing round are shown, wherever they come out.
 */
class StrangeNamesTest {
  private static final String EVIL = "a\u001b[2J\u202eb";
  private static final String SHOWN = "a\\u001b[2J\\u202eb";

  @TempDir Path dir;
  private final StringWriter printed = new StringWriter();

  private void run(int code, String... args) {
    int start = printed.getBuffer().length();
    PrintWriter printer = new PrintWriter(printed);
    assertThat(Main.run(Main.commandLine().setOut(printer).setErr(printer), args))
        .as(() -> printed.toString())
        .isEqualTo(code);
    assertThat(printed.toString().substring(start))
        .as(args[0])
        .containsIgnoringCase(SHOWN) // JSON has a B of its own
        .doesNotContain("\u001b", "\u202e");
  }

  private Path folder() throws IOException {
    Path images = dir.resolve("images");
    for (String part : List.of("train", "validation", "test")) {
      for (String name : List.of(EVIL, "plain")) {
        Path folder = Files.createDirectories(images.resolve(part).resolve(name));
        for (int i = 0; i < 4; i++) {
          byte[] pixels = new byte[16 * 16 * 3];
          Arrays.fill(pixels, (byte) (name.length() * 9 + i));
          try (OutputStream out = Files.newOutputStream(folder.resolve(name + i + ".png"))) {
            PngWriter.write(pixels, 16, 16, out);
          }
        }
      }
    }
    return images;
  }

  @Test
  void nothingIsObeyed() throws IOException {
    Path images = null;
    try {
      images = folder();
    } catch (InvalidPathException e) {
      assumeTrue(false, "this file system has no such names");
    }
    Path job = dir.resolve("job.yaml");
    Files.writeString(
        job,
        """
        name: strange
        model: {type: three-layer-convnet, filters: 2, filterSize: 3, hidden: 4}
        data: {source: image-folder, path: "%s", height: 16, width: 16}
        training: {epochs: 1, batchSize: 4}
        output: {dir: "%s"}
        """
            .formatted(images, dir));
    run(0, "data", "inspect", images.toString());
    Main.run(
        Main.commandLine().setOut(new PrintWriter(new StringWriter())), "train", job.toString());
    String model = dir.resolve("strange/model.zip").toString();
    run(0, "evaluate", model);
    run(0, "evaluate", model, "--json");
    Path image = images.resolve("test").resolve(EVIL).resolve(EVIL + "0.png");
    run(0, "predict", model, image.toString());
    run(0, "predict", model, image.toString(), "--json");
    run(3, "predict", model, image.resolveSibling(EVIL + ".none").toString());
    run(2, "train", EVIL + ".yaml");
    run(2, "gradcheck", EVIL);
    run(0, "export", model, "--format", "dl4j", "--out", dir.resolve(EVIL + ".zip").toString());
    String zip = dir.resolve(EVIL + ".zip").toString();
    run(0, "export", model, "--format", "dl4j", "--out", zip, "--force"); // its card is known
    for (String file : List.of("strange/report.html", EVIL + ".md")) {
      assertThat(Files.readString(dir.resolve(file)))
          .as(file)
          .contains(SHOWN)
          .doesNotContain("\u001b", "\u202e");
    }
  }
}
