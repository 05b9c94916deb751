package org.descry.data.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.data.builtin.ShapeScenes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextInspectorTest {
  @TempDir private Path dir;

  @Test
  void countsTheSequencesThatATrainingReads() throws IOException {
    Files.writeString(dir.resolve("one.txt"), "first\n\nsecond\n");
    Files.writeString(dir.resolve("two.txt"), "third\n");
    Files.writeString(dir.resolve("README.md"), "About these names.\n");
    assertThat(TextInspector.lines(DataGuess.of(dir)))
        .containsExactly("one           2", "two           1", "all           3");
    Path folders = Files.createDirectory(dir.resolve("folders"));
    Path rising = Files.createDirectory(folders.resolve("rising"));
    Files.writeString(rising.resolve("a.csv"), "1\n2\n");
    Files.writeString(rising.resolve("notes.md"), "Rising numbers.\n");
    assertThat(TextInspector.lines(DataGuess.of(folders)))
        .containsExactly("rising        1", "all           1");
  }

  @Test
  void findsImagesWhereATrainingDoes() throws IOException {
    Path scenes = dir.resolve("scenes");
    SceneFolder.write(ShapeScenes.generate(1, 20, 10, 10).data(), scenes);
    Path elsewhere = dir.resolve("elsewhere");
    Files.move(scenes.resolve("images"), elsewhere);
    DataGuess captions = DataGuess.of(scenes);
    assertThat(TextInspector.lines(captions))
        .filteredOn(line -> line.startsWith("missing"))
        .singleElement()
        .asString()
        .startsWith("missing       40 images below ");
    Files.createSymbolicLink(scenes.resolve("images"), elsewhere);
    assertThat(TextInspector.lines(captions)).contains("missing       no image");
  }
}
