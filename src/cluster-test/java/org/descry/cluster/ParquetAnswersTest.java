package org.descry.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.descry.kind.bulk.AnswerFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet's own reader finds what was written. */
class ParquetAnswersTest {
  @TempDir Path dir;

  private List<Group> written(List<Map<String, Object>> answers) throws IOException {
    Path file = dir.resolve("part-00000.parquet");
    try (OutputStream out = Files.newOutputStream(file)) {
      try (AnswerFormat.Rows rows = AnswerFormat.named("parquet").to(out)) {
        for (Map<String, Object> answer : answers) {
          rows.add(answer);
        }
      }
      out.flush(); // it is still open
    }
    return ParquetRows.groups(file);
  }

  private static Map<String, Object> answer(String image, Object... predictions) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("image", image);
    answer.put("predictions", List.of(predictions));
    return answer;
  }

  @Test
  void listsOfGroupsAreReadBack() throws IOException {
    Map<String, Object> cat = new LinkedHashMap<>(Map.of("label", "cat"));
    cat.put("probability", 0.75f);
    Map<String, Object> dog = new LinkedHashMap<>(Map.of("label", "d\u00f6g"));
    dog.put("probability", 0.25);
    List<Group> rows = written(List.of(answer("a.png", cat, dog), answer("b.png", dog)));
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).getString("image", 0)).isEqualTo("a.png");
    Group predictions = rows.get(0).getGroup("predictions", 0);
    assertThat(predictions.getFieldRepetitionCount("list")).isEqualTo(2);
    Group second = predictions.getGroup("list", 1).getGroup("element", 0);
    assertThat(second.getString("label", 0)).isEqualTo("d\u00f6g");
    assertThat(second.getDouble("probability", 0)).isEqualTo(0.25);
    assertThat(rows.get(1).getString("image", 0)).isEqualTo("b.png");
  }

  @Test
  void textsAndWholeNumbersAreColumns() throws IOException {
    Group row = written(List.of(Map.of("image", "a.png", "words", 7))).get(0);
    assertThat(row.getLong("words", 0)).isEqualTo(7);
  }

  @Test
  void aFileWithoutRowsIsOne() throws IOException {
    assertThat(written(List.of())).isEmpty();
  }
}
