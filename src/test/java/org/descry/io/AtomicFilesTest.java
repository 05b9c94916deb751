package org.descry.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no file is not replaced by one, whoever may do so. */
class AtomicFilesTest {
  @TempDir Path dir;

  @Test
  void aPipeStaysWhereItIs() throws Exception {
    Path pipe = dir.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    assertThatThrownBy(() -> AtomicFiles.write(pipe, "text"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no regular file");
    assertThat(Files.isRegularFile(pipe)).isFalse();
    assertThat(dir).isDirectoryNotContaining(file -> !file.equals(pipe));
  }

  @Test
  void aFolderStaysWhereItIs() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("folder"));
    assertThatThrownBy(() -> AtomicFiles.write(folder, "text")).isInstanceOf(IOException.class);
    assertThat(folder).isEmptyDirectory();
  }

  /** As {@code /dev/stdout} is. */
  @Test
  void anOpenStreamIsWrittenTo() throws IOException {
    Path streams = Path.of("/proc/self/fd");
    assumeTrue(Files.exists(streams));
    Path file = dir.resolve("file");
    try (OutputStream open = Files.newOutputStream(file);
        Stream<Path> all = Files.list(streams)) {
      open.write('a');
      Path stream = all.filter(one -> isOf(file, one)).findFirst().orElseThrow();
      AtomicFiles.write(stream, "b");
      AtomicFiles.write(stream, "c");
    }
    assertThat(file).hasContent("abc");
  }

  /** A second one begins and ends while the first is in the middle of it. */
  @Test
  void twoMayWriteTheSameFileAtOnce() throws IOException {
    Path file = dir.resolve("file");
    AtomicFiles.writeAmongOthers(
        file,
        out -> {
          out.write(new byte[1 << 17]);
          AtomicFiles.writeAmongOthers(file, other -> other.write(new byte[] {1, 2, 3}));
          assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
        });
    assertThat(file).hasBinaryContent(new byte[1 << 17]);
    assertThat(dir).isDirectoryNotContaining(other -> !other.equals(file));
  }

  private static boolean isOf(Path file, Path stream) {
    try {
      return Files.isSameFile(file, stream);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
