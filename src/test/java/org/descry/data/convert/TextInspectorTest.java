package org.descry.data.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.data.builtin.ShapeScenes;
import org.descry.job.JobFile;
import org.descry.job.SequenceDataSettings;
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
  void tellsWhatATrainingWouldLeaveOut() throws IOException {
    Path lines =
        Files.writeString(dir.resolve("l.txt"), "\n\na\tone\n\nb\ttwo\n".repeat(10) + "x\n");
    assertThat(TextInspector.lines(DataGuess.of(lines)))
        .containsExactly(
            "a             10",
            "b             10",
            "all           20",
            "bad records   1: no label and tab: x");
    Path folder = Files.createDirectories(dir.resolve("numbers/up"));
    Files.writeString(folder.resolve("a.csv"), "level\n1\n2\n");
    Path bad = Files.writeString(folder.resolve("b.CSV"), "1\nx\n");
    assertThat(TextInspector.lines(DataGuess.of(folder.getParent())))
        .containsExactly(
            "up            1",
            "all           1",
            "names         in the first line: expected data.skipLines: 1",
            "bad records   1: %s, line 2: has \"x\"; expected a finite number.".formatted(bad));
    Path captions =
        Files.writeString(dir.resolve("captions.csv"), "image,caption\n1.png,a dog\n2.png,...\n");
    assertThat(TextInspector.lines(DataGuess.of(captions)))
        .contains(
            "bad records   1: %s:3: the caption of 2.png has no words: ...".formatted(captions));
  }

  @Test
  void tellsWhatATrainingWouldRefuse() throws IOException {
    Path down = Files.createDirectories(dir.resolve("numbers/down"));
    Path up = Files.createDirectories(dir.resolve("numbers/up"));
    Path none = Files.createDirectories(dir.resolve("numbers/steady"));
    Path first = Files.writeString(down.resolve("a.csv"), "2,1\n1,0\n");
    Path ragged = Files.writeString(down.resolve("b.csv"), "1,2\n3\n");
    Path wide = Files.writeString(up.resolve("a.csv"), "1,2,3\n4,5,6\n");
    Path longer = Files.writeString(up.resolve("b.csv"), "1,2\n".repeat(101));
    Files.writeString(up.resolve("c.csv"), "1,2\n".repeat(100));
    assertThat(TextInspector.lines(DataGuess.of(dir.resolve("numbers"))))
        .containsExactly(
            "down          1",
            "up            1",
            "all           2",
            "not alike     2: %s: has steps of 3 numbers; expected steps of 2 numbers as in %s; %s: has no file that ends in .csv"
                .formatted(wide, first, none),
            "bad records   2: %s, line 2: has 1 numbers; expected 2 as in the first step.; %s: has 101 steps; expected at most 100, or a data.maxSteps that allows more"
                .formatted(ragged, longer));
    Path lines =
        Files.writeString(dir.resolve("long.txt"), "a\tone\nb\t%s\n".formatted("x".repeat(101)));
    assertThat(TextInspector.lines(DataGuess.of(lines)))
        .containsExactly(
            "a             1",
            "all           1",
            "bad records   1: %s, line 2: has 101 characters; expected at most 100, or a data.maxSteps that allows more"
                .formatted(lines));
  }

  @Test
  void theLongestSequenceIsThatOfAJob() {
    String job =
        """
        name: small
        model: {type: sequence-rnn}
        data: {source: sequences, path: 'builtin:names'}
        """;
    SequenceDataSettings data = (SequenceDataSettings) JobFile.parse("job", job).job().data();
    assertThat(data.maxSteps()).isEqualTo(SequenceInspector.LONGEST);
  }

  /** Not that it is no folder of images. */
  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    Path empty = Files.createFile(dir.resolve("empty.txt"));
    assertThatThrownBy(() -> DataGuess.words(empty))
        .isInstanceOf(DataException.class)
        .hasMessage(empty + " is empty; expected captions, a text or sequences.");
    Files.writeString(dir.resolve("a.csv"), "image,caption\n1.png,a dog\n");
    Files.writeString(dir.resolve("b.csv"), "image,caption\n1.png,a dog\n");
    Files.createDirectory(dir.resolve("images"));
    assertThatThrownBy(() -> DataGuess.words(dir))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(dir + " holds 2 caption files: ");
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
