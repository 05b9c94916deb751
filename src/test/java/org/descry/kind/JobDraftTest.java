package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.DataException;
import org.descry.data.builtin.ShapeScenes;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.DataConverter;
import org.descry.data.convert.DataGuess;
import org.descry.data.convert.DataGuess.Kind;
import org.descry.data.convert.SceneFolder;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drafted job is one, and trains. */
class JobDraftTest {
  @TempDir Path dir;

  private Job drafted(Path data, Kind kind) throws IOException {
    DataGuess guess = DataGuess.of(data);
    assertThat(guess.kind()).isEqualTo(kind);
    Path file = dir.resolve(kind + ".yaml");
    Files.writeString(file, JobDraft.of(guess, "drafted", file));
    Job job = JobFile.read(file).set("output.dir=" + dir.resolve(kind + "-runs")).job();
    Kinds.training(job, new Training.Options(Training.Start.NEW, null, true), TrainingProgress.NONE)
        .run();
    return job;
  }

  @Test
  void ofCifarAndClassFolders() throws IOException {
    Path cifar = dir.resolve("cifar: #1");
    CifarWriter.write(Shapes.generate(3, 200, 20, 20), cifar);
    drafted(cifar, Kind.CIFAR10);
    Path folder = dir.resolve("folder");
    DataConverter.convert(cifar, folder, CifarLabels.FINE);
    String job = JobFile.resolved(drafted(folder, Kind.IMAGE_FOLDER));
    assertThat(job).contains("height: 32", "width: 32", "batchSize: 10").contains("filters: 128");
  }

  /** A small set of no validation part gives up a part of its size; one that has it, nothing. */
  @Test
  void ofCifarItHoldsOutWhatThereIs() throws IOException {
    Path cifar = dir.resolve("small");
    CifarWriter.write(Shapes.generate(3, 200, 20, 20), cifar);
    Path job = dir.resolve("job.yaml");
    assertThat(JobDraft.of(DataGuess.of(cifar), "small", job)).doesNotContain("validation:");
    Files.delete(cifar.resolve("validation_batch.bin"));
    assertThat(JobDraft.of(DataGuess.of(cifar), "small", job)).contains("  validation: 20  #");
    assertThat(JobFile.resolved(drafted(cifar, Kind.CIFAR10))).contains("validation: 20\n");
    assertThat(Files.size(cifar.resolve("data_batch_1.bin"))).isEqualTo(200 * 3073);
  }

  @Test
  void ofCaptions() throws IOException {
    Path scenes = dir.resolve("scenes");
    SceneFolder.write(ShapeScenes.generate(1, 20, 10, 10).data(), scenes);
    drafted(scenes, Kind.CAPTIONS);
  }

  @Test
  void ofTextsAndSequences() throws IOException {
    Path text = Files.createDirectory(dir.resolve("book")).resolve("book.txt");
    Files.writeString(text, "All work and no play makes a dull text.\n".repeat(200));
    drafted(text.getParent(), Kind.TEXT);
    Path names = dir.resolve("names.tsv");
    Files.writeString(names, "a\tabba\nb\tbaab\n".repeat(40));
    drafted(names, Kind.SEQUENCES);
  }

  @Test
  void saysWhatItExpects() throws IOException {
    Path empty = Files.createDirectory(dir.resolve("empty"));
    for (Path path : List.of(empty, dir.resolve("none"))) {
      assertThatThrownBy(() -> DataGuess.of(path))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(path.toString())
          .hasMessageContaining("expected a folder of");
    }
    Path binary = Files.write(dir.resolve("binary"), new byte[] {-1, -2, 0, 3});
    assertThatThrownBy(() -> DataGuess.of(binary))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no UTF-8 text and no captions");
  }
}
