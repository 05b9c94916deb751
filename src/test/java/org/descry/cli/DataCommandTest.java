package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DataCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private Exception thrown;

  @Test
  void makesInspectsAndConvertsShapes() {
    String shapes = folder.resolve("shapes").toString();
    String sheet = folder.resolve("sheet.png").toString();

    assertThat(run("make", "shapes", shapes, "--seed", "3")).isZero();
    assertThat(out.toString()).contains("8000 training, 1000 validation and 1000 test");

    assertThat(run("inspect", shapes, "--contact-sheet", sheet)).isZero();
    assertThat(out.toString())
        .contains("10000 pictures of 32x32")
        .containsPattern("crescent +800 +100 +100")
        .containsPattern("channel mean +0\\.\\d{4} 0\\.\\d{4} 0\\.\\d{4}");
    assertThat(Path.of(sheet)).isRegularFile();

    Path unasked = Path.of("contact-sheet.png");
    assertThat(unasked).doesNotExist();
    assertThat(run("inspect", shapes)).isZero();
    assertThat(unasked).doesNotExist();

    assertThat(run("make", "shapes", shapes)).isEqualTo(1);
    assertThat(thrown).isInstanceOf(DescryException.class).hasMessageContaining(shapes);
  }

  @Test
  void mistakesOfUsageAreUsageErrors() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("make", "circles", "x")).isEqualTo(2);
    assertThat(run("convert", "only-one")).isEqualTo(2);
    assertThat(run("inspect", "x", "--size", "0")).isEqualTo(2);
  }

  @Test
  void aMissingFolderIsNamed() {
    String missing = folder.resolve("missing").toString();
    assertThat(run("inspect", missing)).isEqualTo(1);
    assertThat(thrown).isInstanceOf(DescryException.class).hasMessageContaining(missing);
    assertThat(run("convert", missing, folder.resolve("dst").toString())).isEqualTo(1);
    assertThat(thrown).isInstanceOf(DescryException.class).hasMessageContaining(missing);
  }

  private int run(String... arguments) {
    return new CommandLine(new DataCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(new StringWriter()))
        .setExecutionExceptionHandler(
            (exception, command, result) -> {
              thrown = exception;
              return 1;
            })
        .execute(arguments);
  }
}
