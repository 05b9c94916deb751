package org.descry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JobSchemaTest {
  private static final Path COMMITTED = Path.of("resources/schema/job.schema.json");

  @Test
  void theCommittedSchemaIsTheGeneratedOne() throws IOException {
    String generated = JobSchema.text();
    String committed = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";
    if (!committed.equals(generated)) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, generated);
      fail(COMMITTED + " was stale; it is written anew: commit it");
    }
  }

  @Test
  void everyKeyIsDescribedAndEveryObjectClosed() {
    assertThat(undescribed(JobSchema.SCHEMA.root(), "$")).isEmpty();
  }

  private static String undescribed(JsonNode schema, String path) {
    StringBuilder found = new StringBuilder();
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              JsonNode value = property.getValue();
              boolean namesAKind = value.has("const") || value.has("enum");
              boolean describedThere = value.has("$ref");
              if (!namesAKind && !describedThere && !value.has("description")) {
                found.append(path).append('.').append(property.getKey()).append('\n');
              }
            });
    boolean closed = !schema.path("additionalProperties").asBoolean(true);
    boolean conditional = schema.has("allOf") || path.endsWith(".if");
    if (schema.has("properties") && !closed && !conditional) {
      found.append(path).append(" is open\n");
    }
    schema
        .properties()
        .forEach(e -> found.append(undescribed(e.getValue(), path + "." + e.getKey())));
    schema.path("allOf").forEach(kind -> found.append(undescribed(kind, path + ".allOf")));
    return found.toString();
  }
}
