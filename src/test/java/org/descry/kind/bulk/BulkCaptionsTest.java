package org.descry.kind.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.Pngs;
import org.descry.data.image.ImageSet;
import org.descry.engine.Engine;
import org.descry.io.Json;
import org.descry.kind.ImageAnswers;
import org.descry.kind.captioner.TrainedCaptioner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A caption for each image of a folder. */
class BulkCaptionsTest {
  private static final Path MODEL = Path.of("models/shapes-captioner.zip");

  @TempDir private static Path dir;

  private static Path images;
  private static TrainedCaptioner captioner;

  @BeforeAll
  static void makeImages() throws IOException {
    Engine.start();
    ImageSet shapes = Shapes.generate(3, 20, 10, 10).test();
    images = Files.createDirectory(dir.resolve("images"));
    for (int i = 0; i < shapes.size(); i++) {
      Pngs.write(shapes, i, images.resolve(i + ".png"));
    }
    captioner = TrainedCaptioner.load(MODEL);
  }

  @Test
  void captionsAreTheOnesThatImagesGetAlone() throws IOException {
    Map<String, Object> settings = Map.of("beam", 2);
    Path output = dir.resolve("captions");
    new BulkAnswers(MODEL, captioner.answers(settings), images, output, AnswerFormat.JSON_LINES)
        .run();
    JsonNode line =
        Json.MAPPER.readTree(Files.readAllLines(output.resolve("part-00000.jsonl")).get(4));
    Path image = images.resolve(line.get("image").asText());
    assertThat(line.get("caption").asText())
        .isEqualTo(captioner.caption(List.of(image), captioner.decoding(settings)).get(0));
  }

  @Test
  void settingsAreTheSameInAnyOrder() {
    Path output = dir.resolve("sampled");
    List<String> keys = List.of("temperature", "topK", "seed");
    for (List<String> order : List.of(keys, List.of("seed", "topK", "temperature"))) {
      Map<String, Object> settings = new LinkedHashMap<>();
      order.forEach(key -> settings.put(key, 1));
      ImageAnswers answers = captioner.answers(settings);
      BulkAnswers.Summary summary =
          new BulkAnswers(MODEL, answers, images, output, AnswerFormat.JSON_LINES).run();
      assertThat(summary.images()).isPositive();
    }
  }
}
