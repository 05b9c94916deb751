package org.descry.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TemporaryZipTest {
  @Test
  void itLeavesNothingBehind() throws IOException {
    AtomicReference<Path> seen = new AtomicReference<>();
    byte[] content = new byte[200_000];
    content[199_999] = 7;
    Path name = Path.of("name");
    byte[] read =
        TemporaryZip.use(
            name,
            new ByteArrayInputStream(content),
            file -> {
              seen.set(file);
              return bytes(file);
            });
    assertThat(read).isEqualTo(content);
    assertThat(seen.get()).doesNotExist();
    assertThatThrownBy(
            () ->
                TemporaryZip.use(
                    name,
                    new ByteArrayInputStream(content),
                    file -> {
                      seen.set(file);
                      throw new IllegalStateException("of a test");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(seen.get()).doesNotExist();
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
