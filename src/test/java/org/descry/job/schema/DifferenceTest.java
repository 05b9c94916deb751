package org.descry.job.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DifferenceTest {
  private static JsonNode job(Path data, int epochs) {
    return Json.MAPPER
        .createObjectNode()
        .<ObjectNode>set("data", Json.MAPPER.createObjectNode().put("path", data.toString()))
        .put("epochs", epochs);
  }

  @Test
  void aFileIsTheSameByItsWholePath(@TempDir Path directory) throws IOException {
    Path whole = Files.writeString(directory.resolve("text.txt"), "x");
    Path relative = Path.of("").toAbsolutePath().relativize(whole);
    assertThat(Difference.between(job(relative, 2), job(whole, 2))).isEmpty();
    assertThat(Difference.between(job(relative, 2), job(whole, 3)))
        .contains(new Difference("epochs", "2", "3"));
    Path other = Files.writeString(directory.resolve("other.txt"), "x");
    assertThat(Difference.between(job(relative, 2), job(other, 2)))
        .hasValueSatisfying(differs -> assertThat(differs.key()).isEqualTo("data.path"));
    assertThat(Difference.between(job(directory.resolve("gone"), 2), job(whole, 2))).isNotEmpty();
  }
}
