package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shells themselves, asked what they would offer. */
class CompletionTest {
  @TempDir private Path dir;

  private String offered(String words) throws Exception {
    Path script = Files.writeString(dir.resolve("descry"), Cli.here("completion").out());
    String[] split = words.split(" ", -1);
    String asked =
        """
        . '%s' && COMP_WORDS=(%s) && COMP_CWORD=%s && _complete_descry && echo "${COMPREPLY[@]}"
        """
            .formatted(script, words, split.length - 1);
    return said("bash", "--norc", "-c", asked);
  }

  private static String said(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).start(); // errors: of a shell that runs no completion
    } catch (IOException e) {
      assumeTrue(false, "needs " + command[0]);
      throw e;
    }
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.strip();
  }

  @Test
  void bashOffersCommandsAndOptions() throws Exception {
    assertThat(offered("descry pre")).isEqualTo("predict");
    assertThat(offered("descry train --fast")).isEqualTo("--fast-dev-run");
    assertThat(offered("descry sweep to")).isEqualTo("top");
  }

  @Test
  void zshTakesIt() throws Exception {
    Path script = Files.writeString(dir.resolve("descry"), Cli.here("completion").out());
    said("zsh", "-n", script.toString());
  }
}
