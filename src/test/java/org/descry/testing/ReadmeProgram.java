package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.descry.data.builtin.Shapes;

/**
 * A program that a README shows: it trains a job and asks the model.
 *
 * @param <A> an answer
 */
public interface ReadmeProgram<A> {
  List<A> trainAndAsk(Path jobFile, Path image);

  /** Runs the program on a small job below {@code dir}. */
  static <A> void check(ReadmeProgram<A> program, Function<A, String> label, Path dir)
      throws IOException {
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
    ImageIO.write(new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB), "png", image.toFile());

    List<A> answers = program.trainAndAsk(jobFile, image);

    assertThat(answers).hasSize(3);
    assertThat(answers).extracting(label).isSubsetOf(Shapes.labelNames());
  }
}
