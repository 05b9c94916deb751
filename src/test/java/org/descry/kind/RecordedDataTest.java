package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.descry.DescryException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.io.AtomicFiles;
import org.descry.job.Job;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.testing.SmallJobs;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The job in a stranger's zip names data to read and makes nobody fetch or write any. */
class RecordedDataTest {
  @TempDir private Path dir;

  private static Job job(Path output) {
    return SmallJobs.shapes("small", output).job();
  }

  private Path modelOfData(String source, Path path) throws IOException {
    Kinds.training(job(dir), new Training.Options(false, false), TrainingProgress.NONE).run();
    ModelArchive trained = ModelArchive.read(dir.resolve("small/model.zip"));
    Manifest manifest = trained.manifest();
    ObjectNode data = (ObjectNode) manifest.provenance().job().get("data");
    data.removeAll();
    data.put("source", source).put("path", path.toString()).put("download", true);
    Path zip = dir.resolve("stranger.zip");
    AtomicFiles.write(zip, new ModelArchive(trained.network(), manifest)::write);
    return zip;
  }

  @ParameterizedTest
  @ValueSource(strings = {"cifar10", "cifar100"})
  void evaluationFetchesNothing(String source) throws IOException {
    Path folder = dir.resolve("not/there");
    TrainedClassifier model = TrainedClassifier.load(modelOfData(source, folder));
    assertThatThrownBy(model::evaluate)
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(folder + " does not exist");
    assertThat(dir.resolve("not")).doesNotExist();
  }

  @Test
  void evaluationWritesNothing() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("data"));
    TrainedClassifier model = TrainedClassifier.load(modelOfData("cifar10", folder));
    List<Path> before = files();
    assertThatThrownBy(model::evaluate).isInstanceOf(DescryException.class);
    assertThat(files()).isEqualTo(before);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.sorted().toList();
    }
  }
}
