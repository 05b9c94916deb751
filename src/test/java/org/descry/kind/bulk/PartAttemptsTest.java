package org.descry.kind.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.descry.data.image.ImageLoader;
import org.descry.engine.Engine;
import org.descry.kind.ImageAnswers;
import org.descry.kind.classifier.TrainedClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part that two processes are at, since the first was taken for lost. */
class PartAttemptsTest {
  private static final Path MODEL = Path.of("models/shapes-classifier.zip");

  @TempDir Path dir;

  /** Does something before it answers. */
  private record Answers(ImageAnswers own, Runnable before) implements ImageAnswers {
    @Override
    public ImageLoader loader() {
      return own.loader();
    }

    @Override
    public Map<String, Object> settings() {
      return own.settings();
    }

    @Override
    public List<Map<String, Object>> of(List<byte[]> pixels) {
      before.run();
      return own.of(pixels);
    }
  }

  private BulkAnswers bulk(ImageAnswers answers) {
    return new BulkAnswers(
        MODEL, answers, dir.resolve("images"), dir.resolve("out"), AnswerFormat.JSON_LINES, 1, 60);
  }

  private static void image(Path file) throws IOException {
    ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
  }

  @Test
  void bothEndAndThePartIsWhole() throws IOException {
    Engine.start();
    Path images = Files.createDirectories(dir.resolve("images"));
    for (String name : List.of("a.png", "b.png")) {
      image(images.resolve(name));
    }
    Files.writeString(images.resolve("bad.png"), "no image");
    ImageAnswers answers = TrainedClassifier.load(MODEL).answers(Map.of("top", 1));
    Path part = dir.resolve("out/part-00000.jsonl");
    Files.createDirectories(part.getParent());
    bulk(new Answers(
            answers,
            () -> {
              bulk(answers).part(0);
              assertThat(part).exists();
            }))
        .part(0);
    assertThat(Files.readAllLines(part)).hasSize(2);
    assertThat(Files.readAllLines(dir.resolve("out/part-00000.bad.jsonl"))).hasSize(1);
    assertThat(part.getParent()).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void whatAKilledOneLeavesIsGoneInTheEnd() throws IOException {
    Engine.start();
    Path images = Files.createDirectories(dir.resolve("images"));
    image(images.resolve("a.png"));
    ImageAnswers answers = TrainedClassifier.load(MODEL).answers(Map.of("top", 1));
    Path left = dir.resolve("out/.part-00000.jsonl.1b4e28ba.tmp");
    bulk(new Answers(
            answers,
            () -> {
              try {
                Files.writeString(left, "{");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }))
        .run();
    assertThat(left).doesNotExist();
    Files.writeString(left, "{");
    bulk(answers).run();
    assertThat(left).doesNotExist();
  }
}
