package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepReportTest {
  @TempDir Path folder;

  @Test
  void threeFilesAndNothingElseAreLeft() throws IOException {
    SweepReport.write(SyntheticSweep.of(16, 1, folder), folder);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("report.html", "results.csv", "results.json");
    }
  }

  @Test
  void aFolderThatIsMissingIsReported() {
    assertThatThrownBy(
            () -> SweepReport.write(SyntheticSweep.of(1, 1, folder), folder.resolve("gone")))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("Cannot write " + folder.resolve("gone/results.csv"));
  }

  @Test
  void thePageNeedsNothingOutsideItself() throws IOException {
    SweepReport.write(SyntheticSweep.of(16, 2, folder), folder);
    String page = Files.readString(folder.resolve("report.html"));
    assertThat(page).doesNotContain("src='http", "href='http", "@import", "url(", "NaN'");
  }
}
