package org.descry.job.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.descry.io.Json;
import org.junit.jupiter.api.Test;

class KeyPathTest {
  @Test
  void whatStandsAtAPath() throws Exception {
    JsonNode tree = Json.MAPPER.readTree("{\"a\": {\"b\": [[1, 2], {\"c\": 3}]}}");
    assertThat(KeyPath.at(tree, "a.b[0][1]").intValue()).isEqualTo(2);
    assertThat(KeyPath.at(tree, "a.b[1].c").intValue()).isEqualTo(3);
    assertThat(KeyPath.at(tree, "a.b[2]").isMissingNode()).isTrue();
    assertThat(KeyPath.at(tree, "a.c").isMissingNode()).isTrue();
  }
}
