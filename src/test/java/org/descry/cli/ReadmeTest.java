package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.descry.Descry;
import org.descry.data.builtin.Shapes;
import org.descry.job.JobFile;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
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
    Path jobFile = dir.resolve("job.yaml");
    Files.writeString(
        jobFile,
        """
        name: readme
        model: {type: three-layer-convnet, filters: 4, filterSize: 3, hidden: 8}
        data: {source: shapes, train: 40, validation: 10, test: 10}
        training: {epochs: 1, batchSize: 20}
        output: {dir: '%s'}
        """
            .formatted(dir.resolve("runs")));
    Path image = dir.resolve("image.png");
    BufferedImage pixels = new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(pixels, "png", image.toFile());

    List<Answer> answers = trainAndAsk(jobFile, image);

    assertThat(answers).hasSize(3);
    assertThat(answers).extracting(Answer::label).isSubsetOf(Shapes.labelNames());
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
