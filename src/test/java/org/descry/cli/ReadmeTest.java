package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.descry.Descry;
import org.descry.job.JobFile;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
import org.descry.testing.ReadmeProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README shows what there is, and its example runs. */
class ReadmeTest {
  private static final Path SOURCE = Path.of("src/test/java/org/descry/cli/ReadmeTest.java");

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }

  // README begins
  static List<Answer> trainAndAsk(Path jobFile, Path image) {
    Path model = Descry.train(JobFile.read(jobFile).job()); // runs/NAME/model.zip
    TrainedClassifier classifier = TrainedClassifier.load(model);
    return classifier.classify(List.of(image), 3).get(0); // the three likeliest, best first
  }

  // README ends

  @Test
  void theExampleIsTheReadmes() throws IOException {
    String source = Files.readString(SOURCE);
    String example =
        source.substring(
            source.indexOf("// README begins\n") + "// README begins\n".length(),
            source.indexOf("\n\n  // README ends"));
    assertThat(readme()).contains("```java\n" + example.stripIndent() + "\n```\n");
  }

  @Test
  void theExampleRuns(@TempDir Path dir) throws IOException {
    ReadmeProgram.check(ReadmeTest::trainAndAsk, Answer::label, dir);
  }

  @Test
  void everyCommandIsThere() throws IOException {
    String text = readme();
    assertThat(Main.commandLine().getSubcommands().keySet())
        .filteredOn(command -> !command.equals("help"))
        .allSatisfy(command -> assertThat(text).contains("descry " + command));
  }

  @Test
  void everyJobFileIsThere() throws IOException {
    String text = Files.readString(Path.of("docs/job-files.md"));
    try (Stream<Path> files = Files.list(Path.of("resources/jobs"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(text).contains("`" + file + "`"));
    }
  }
}
