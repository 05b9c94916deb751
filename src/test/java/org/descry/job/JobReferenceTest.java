package org.descry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.descry.testing.SettingsReference;
import org.junit.jupiter.api.Test;

/** {@code docs/job-reference.md} is what the settings records say. */
class JobReferenceTest {
  private static final Path COMMITTED = Path.of("docs/job-reference.md");
  private static final Path SWEEP_SCHEMA = Path.of("resources/schema/sweep.schema.json");

  @Test
  void theCommittedReferenceIsTheGeneratedOne() throws IOException {
    String generated = generated();
    String committed = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";
    if (!committed.equals(generated)) {
      Files.writeString(COMMITTED, generated);
      fail(COMMITTED + " was stale; it is written anew: commit it");
    }
  }

  @Test
  void everyKeyIsThere() throws IOException {
    TreeSet<String> keys = new TreeSet<>();
    collect(JobSchema.SCHEMA.root(), keys);
    assertThat(keys).hasSizeGreaterThan(50);
    String reference = generated();
    assertThat(keys).allSatisfy(key -> assertThat(reference).contains("`" + key));
  }

  private static void collect(JsonNode schema, Set<String> keys) {
    schema.path("properties").fieldNames().forEachRemaining(keys::add);
    schema.forEach(part -> collect(part, keys));
  }

  private static String generated() throws IOException {
    JsonNode job = JobSchema.SCHEMA.root();
    JsonNode sweep = new ObjectMapper().readTree(SWEEP_SCHEMA.toFile());
    return """
    # Job reference

    Every key of a [job file](job-files.md), and those that a [sweep file](sweeps.md) has besides. The page is generated from
    the settings records, like the JSON Schema. What has no default and is not required may be left out.
    """
        + SettingsReference.markdown("The job file", job, job.path("none"))
        + SettingsReference.markdown("Keys of a sweep file", sweep, job);
  }
}
