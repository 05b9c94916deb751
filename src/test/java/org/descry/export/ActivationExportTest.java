package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.descry.DescryException;
import org.descry.archive.ModelArchive;
import org.descry.job.ActivationName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job's activation is trained, read back and exported; each export compares its answers. */
class ActivationExportTest {
  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  void isTrainedAndExported(ActivationName activation) {
    String name = activation.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    Path model = TinyModels.activated(dir, name);
    assertThat(ModelArchive.read(model).network().getParam("hidden1_W")).isNotNull();
    new Export(model, Format.SAMEDIFF, dir.resolve(name + ".fb"), false).run();
    new Export(model, Format.DL4J, dir.resolve(name + "-dl4j.zip"), false).run();
    Export stock = new Export(model, Format.DL4J_STOCK, dir.resolve(name + "-stock.zip"), false);
    if (activation == ActivationName.GELU) {
      assertThatThrownBy(stock::run)
          .isInstanceOf(DescryException.class)
          .hasMessageContaining("conv1 with gelu")
          .hasMessageContaining("has no counterpart among DL4J's built-in layers");
    } else {
      stock.run();
    }
  }
}
