package org.descry.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.descry.DataException;
import org.descry.data.image.ImageLoader;
import org.descry.data.text.TextFiles;
import org.descry.train.folder.StoredRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipes that nobody writes into and devices that never end are refused, not waited for. */
class EndlessDataTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path dir;

  private static void refused(Path file, Consumer<Path> reader) {
    assertTimeoutPreemptively(
        PATIENCE,
        () ->
            assertThatThrownBy(() -> reader.accept(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("not a regular file"));
  }

  @Test
  void aPipeIsNoData() throws Exception {
    Path pipe = dir.resolve("pipe");
    assumeTrue(made(pipe), "needs mkfifo");
    refused(pipe, TextFiles::read);
    refused(pipe, new ImageLoader(8, 8, 3, 64)::load);
    Path run = Files.createDirectory(dir.resolve("run"));
    assumeTrue(made(run.resolve("job.yaml")));
    refused(run, StoredRun::in);
  }

  @Test
  void aDeviceIsNoData() {
    Path zero = Path.of("/dev/zero");
    assumeTrue(Files.exists(zero), "needs /dev/zero");
    refused(zero, TextFiles::read);
    refused(zero, new ImageLoader(8, 8, 3, 64)::load);
  }

  /** Readers of data, runs and sweeps open files in the one way that asks. */
  @Test
  void everyReaderAsks() {
    noClasses()
        .that()
        .doNotHaveSimpleName("WorkerProcess") // which asks the system about itself
        .should()
        .callMethod(Files.class, "newInputStream", Path.class, OpenOption[].class)
        .orShould()
        .callMethod(Files.class, "readAllBytes", Path.class)
        .orShould()
        .callMethod(Files.class, "readString", Path.class)
        .orShould()
        .callMethod(Files.class, "readAllLines", Path.class)
        .orShould()
        .callMethod(ObjectMapper.class, "readTree", File.class)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(
                    "org.descry.data", "org.descry.kind", "org.descry.sweep", "org.descry.train"));
  }

  private static boolean made(Path pipe) throws InterruptedException {
    try {
      return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
