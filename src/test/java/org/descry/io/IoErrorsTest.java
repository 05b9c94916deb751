package org.descry.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class IoErrorsTest {
  @Test
  void theReasonIsSaidWhereJavaSaysAPathOrAClassAlone() {
    assertThat(IoErrors.of(new AccessDeniedException("/a"))).isEqualTo("access denied /a");
    assertThat(IoErrors.of(new MalformedInputException(1))).isEqualTo("not UTF-8 text");
    assertThat(IoErrors.of(new IOException("No space left"))).isEqualTo("No space left");
    assertThat(IoErrors.unwritable(Path.of("/a/b"), new AccessDeniedException("/a")).getMessage())
        .startsWith("/a/b cannot be written (access denied /a); ");
  }

  @Test
  void aFailureWithoutWordsLeavesNoNull() {
    assertThat(IoErrors.of(new IOException())).isEqualTo("input or output failed");
    assertThat(IoErrors.of(new EOFException())).isEqualTo("the file ends too early");
  }
}
