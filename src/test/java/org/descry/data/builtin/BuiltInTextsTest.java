package org.descry.data.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.descry.UsageException;
import org.junit.jupiter.api.Test;

class BuiltInTextsTest {
  @Test
  void everyTextHasANameAndTheOneOfTheFirstVersion() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("resources/data"))) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        String name = file.getFileName().toString().replace(".txt", "");
        assertThat(BuiltInTexts.named("builtin:" + name)).hasValue(text);
        assertThat(BuiltInTexts.ofSourceFile("resources/data/" + name + ".txt")).hasValue(text);
      }
    }
  }

  @Test
  void filesAreNone() {
    assertThat(BuiltInTexts.named("two-sentences")).isEmpty();
    assertThat(BuiltInTexts.ofSourceFile("data/two-sentences.txt")).isEmpty();
  }

  @Test
  void anUnknownNameIsToldTheKnownOnes() {
    assertThatThrownBy(() -> BuiltInTexts.named("builtin:three"))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "builtin:three: there is no such text; expected builtin:hello-world or"
                + " builtin:two-sentences.");
  }

  /** They run from any folder: nothing of theirs lies below the working folder. */
  @Test
  void theShippedFilesNameNoFileOfTheSourceFolder() throws IOException {
    for (String folder : new String[] {"jobs", "sweeps"}) {
      try (Stream<Path> files = Files.list(Path.of("resources", folder))) {
        for (Path file : files.toList()) {
          String settings = Files.readString(file).replaceAll("(?m)#.*$", "");
          assertThat(settings).as(file.toString()).doesNotContain("resources/");
        }
      }
    }
  }
}
