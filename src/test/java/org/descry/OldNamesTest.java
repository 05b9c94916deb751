package org.descry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.engine.Engine;
import org.descry.testing.ReadmeProgram;
import org.descry.train.TrainedClassifier;
import org.descry.train.TrainedClassifier.Answer;
import org.descry.train.TrainingJob;
import org.descry.train.TrainingProgress;
import org.descry.train.job.Job;
import org.descry.train.job.JobFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program of 0.1.0's README compiles, with its imports, and runs; the changelog's names exist.
 */
class OldNamesTest {
  @SuppressWarnings("deprecation")
  static List<Answer> trainAndAsk(Path jobFile, Path picture) {
    Engine.start(); // chooses the native binary; first of all, before anything touches ND4J
    Job job = JobFile.read(jobFile).job();
    TrainingJob training =
        new TrainingJob(job, new TrainingJob.Options(false, false), TrainingProgress.NONE);
    training.run();
    TrainedClassifier classifier = TrainedClassifier.load(training.folder().resolve("model.zip"));
    return classifier.classify(List.of(picture), 3).get(0); // the three likeliest, best first
  }

  @Test
  @SuppressWarnings("deprecation")
  void theProgramOfVersion010Runs(@TempDir Path dir) throws IOException {
    ReadmeProgram.check(OldNamesTest::trainAndAsk, Answer::label, dir);
  }

  /** Rows of the form {@code | `old.package` | `new.package` | `Name`, `Old` -> `New` |}. */
  @Test
  void theChangelogsTableOfNamesIsTrue() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("CHANGELOG.md")).stream()
            .filter(line -> line.startsWith("| `") && line.split("\\|", -1).length == 5)
            .toList();
    assertThat(rows).hasSizeGreaterThan(10);
    for (String row : rows) {
      String[] cells = row.replace("`", "").split("\\|", -1);
      for (String name : cells[3].split(",", -1)) {
        String[] names = name.strip().split(" -> ", -1);
        String now = "org.descry." + cells[2].strip() + "." + names[names.length - 1];
        assertThat(exists(now)).as(now + " in the changelog").isTrue();
      }
    }
  }

  private static boolean exists(String name) {
    try {
      return Class.forName(name, false, OldNamesTest.class.getClassLoader()) != null;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
