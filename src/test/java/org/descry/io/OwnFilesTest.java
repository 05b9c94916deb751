package org.descry.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.regex.Pattern;
import org.descry.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {
  private static final OwnFiles OWN =
      new OwnFiles("run", "a", Pattern.compile("\\.?[abc](\\.tmp)?"));

  @TempDir Path dir;

  /** Whoever is killed while the first file is written leaves no other than its beginning. */
  @Test
  void theBeginningOfTheFirstFileIsNobodyElses() throws IOException {
    Path begun = Files.createFile(dir.resolve(".a.tmp"));
    OWN.requireOnly(dir);
    Path other = Files.createFile(dir.resolve("b"));
    assertThatThrownBy(() -> OWN.requireOnly(dir))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(other.toString());
    Files.createFile(dir.resolve("a"));
    OWN.requireOnly(dir);
    OWN.deleteExcept(dir, name -> name.equals("b"));
    assertThat(other).exists();
    assertThat(begun).doesNotExist();
    Files.createFile(dir.resolve("a"));
    OWN.delete(dir);
    assertThat(dir).doesNotExist();
  }

  /** Whoever may do all is not kept out, but even his paths have an end. */
  @Test
  void aFolderThatCannotBeListedIsAFailureOfInput() throws IOException {
    String name = "n".repeat(250);
    Path lower = dir.resolve("lower");
    Files.createDirectories(lower.resolve(String.join("/", Collections.nCopies(9, name))));
    Path bottom = dir.resolve("run/" + String.join("/", Collections.nCopies(9, name)));
    Files.createDirectories(bottom);
    Files.createFile(dir.resolve("run/a"));
    Path moved = Files.move(lower, bottom.resolve("lower"));
    try {
      assertThatThrownBy(() -> OWN.requireOnly(dir.resolve("run"))).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> OWN.delete(dir.resolve("run"))).isInstanceOf(IOException.class);
    } finally {
      Files.move(moved, lower);
    }
  }
}
