package org.descry.archive;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DescryException;
import org.descry.layer.ConvReluLayer;
import org.junit.jupiter.api.io.TempDir;

/** A model zip, and what is said of one that is refused. */
abstract class RefusedZips {
  static final byte[] MODEL =
      SmallModels.bytes(SmallModels.classifier(new ConvReluLayer.Builder().filters(2).build()));

  @TempDir Path dir;

  final void assertRefused(byte[] zip, String... reasons) throws IOException {
    assertRefused(Files.write(dir.resolve("model.zip"), zip), reasons);
  }

  static void assertRefused(Path file, String... reasons) {
    assertThatThrownBy(() -> ModelArchive.read(file))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(reasons)
        .hasMessageNotContaining("\n");
  }
}
