package org.descry.serve.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
  @TempDir private Path folder;

  private Path zip(String path) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, path);
  }

  /** Two files that say that they are the same version would take turns for ever. */
  @Test
  void aVersionIsOneFileWhateverElseThereIs() throws IOException {
    zip("it.zip");
    Path first = zip("it/1/model.zip");
    Path second = zip("it/2/model.zip");
    Path alone = zip("alone.zip");
    zip("it/latest/model.zip");
    zip("it/3/other.zip");
    zip(".hidden/1/model.zip");
    assertThat(new ModelFiles(folder).find())
        .extracting(Source::file)
        .containsExactlyInAnyOrder(first, second, alone);
  }

  @Test
  void linksAreFollowedAndLoopsAreNone() throws IOException {
    Path outside = zip("outside/7/model.zip");
    Path models = Files.createDirectories(folder.resolve("models"));
    Files.createSymbolicLink(models.resolve("linked"), outside.getParent().getParent());
    Files.createSymbolicLink(models.resolve("loop"), models.resolve("loop"));
    Files.createSymbolicLink(models.resolve("gone.zip"), folder.resolve("nothing"));
    assertThat(new ModelFiles(models).find())
        .extracting(Source::file)
        .containsExactly(models.resolve("linked/7/model.zip"));
  }

  @Test
  void aFolderThatGoesAwayIsSaidToBeGone() throws IOException {
    Path models = Files.createDirectories(folder.resolve("models"));
    ModelFiles files = new ModelFiles(models);
    assertThat(files.find()).isEmpty();
    Files.delete(models);
    assertThat(files.single()).isFalse();
    assertThatThrownBy(files::find)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("models cannot be read (no such file");
  }
}
