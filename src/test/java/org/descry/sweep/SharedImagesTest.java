package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.descry.data.Rows;
import org.descry.data.SharedData;
import org.descry.data.image.Pixels;
import org.descry.io.Logging;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.worker.WorkerPool;
import org.descry.testing.ChildJvm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that have their images in common, which nobody can tell from what they find. */
@Timeout(300)
class SharedImagesTest {
  private static final String DECODED = "n/decoded.bin";

  @TempDir Path dir;
  private Path images;

  @BeforeEach
  void draw() throws IOException {
    images = dir.resolve("images");
    for (int i = 0; i < 30; i++) {
      var image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      for (int k = 0; k < 8; k++) {
        image.setRGB(k, i % 2 == 0 ? k : 7 - k, 0xffffff - i);
      }
      Path file = images.resolve(i % 2 == 0 ? "down" : "up").resolve(i + ".png");
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "png", file.toFile());
    }
  }

  private SweepPlan plan(String output, String... assignments) {
    String yaml =
        """
        name: n
        model: {type: three-layer-convnet, filters: 2, filterSize: 3, hidden: 4}
        data: {source: image-folder, path: %s, height: 8, width: 8}
        training: {epochs: 2, batchSize: 5}
        output: {dir: %s}
        search: {training.optimizer.learningRate: {logUniform: [1.0e-4, 1.0e-1]}}
        objective: {metric: validationLoss, goal: minimize}
        budget: {candidates: 4}
        repeats: 2
        threads: 1
        """
            .formatted(images, dir.resolve(output));
    return Sweeps.plan(yaml, assignments);
  }

  private static SweepResults run(
      SweepPlan plan, int workers, boolean resume, long large, SweepProgress progress) {
    Sweep[] sweep = new Sweep[1];
    SweepProgress stopping =
        new SweepProgress() {
          @Override
          public void candidate(Candidate candidate, State state) {
            progress.candidate(candidate, state);
            if (progress instanceof First) {
              sweep[0].stop();
            }
          }
        };
    sweep[0] =
        new Sweep(
            plan,
            new Sweep.Options(workers, resume, false),
            stopping,
            (most, threads, retries, metrics) ->
                new WorkerPool(most, threads, retries, metrics, large));
    return sweep[0].run();
  }

  /** Stops after the first candidate, and sees what workers have mapped. */
  private static final class First implements SweepProgress {
    private final List<String> mapped = new ArrayList<>();

    @Override
    public void candidate(Candidate candidate, State state) {
      ProcessHandle.current().children().forEach(this::look);
    }

    private void look(ProcessHandle worker) {
      try (Stream<String> lines = Files.lines(Path.of("/proc/" + worker.pid() + "/maps"))) {
        lines.filter(line -> line.contains("decoded.bin")).forEach(mapped::add);
      } catch (IOException | UncheckedIOException e) {
        mapped.add("not known here: " + e.getMessage());
      }
    }
  }

  private static SharedData.Content gathered(SweepPlan plan) {
    SharedData shared = SharedData.gathering();
    SharedMistakes.refuse(plan, shared);
    return shared.take().orElseThrow();
  }

  private static List<String> ranking(SweepResults results) {
    return results.ranked().stream()
        .map(c -> c.number() + " " + c.settings() + " " + c.score())
        .toList();
  }

  @Test
  void sharedImagesGiveTheSameScoresAndAStaleFileIsNotUsed() throws Exception {
    List<String> expected = ranking(run(plan("alone"), 1, false, 1, SweepProgress.NONE));
    assertThat(expected).hasSize(4);

    First first = new First();
    try {
      run(plan("shared"), 2, false, 1, first);
    } catch (SweepStoppedException e) {
      assertThat(e).hasMessageContaining("--resume goes on");
    }
    assertThat(first.mapped).isNotEmpty();
    Path decoded = dir.resolve("shared").resolve(DECODED);
    assertThat(decoded).doesNotExist();

    // As of images before they were changed, by a program that was killed.
    SharedData.Content stale = gathered(plan("shared"));
    Rows black = black(30, 192);
    new SharedData.Content(
            stale.key(),
            new SharedData.Decoded<>(
                stale.data().about(), List.of(black, black(0, 192), black(0, 192))))
        .write(decoded);
    assertThat(ranking(run(plan("shared"), 2, true, 1, SweepProgress.NONE))).isEqualTo(expected);
    assertThat(decoded).doesNotExist();
  }

  private static Rows black(int count, int length) {
    Pixels[] pixels = new Pixels[count];
    Arrays.fill(pixels, Pixels.held(new byte[length]));
    return Pixels.rows(pixels, length);
  }

  /** A pool that is told to share more than files may have. */
  static final class Program {
    public static void main(String[] args) throws IOException {
      Logging.start();
      Path file = Path.of(args[0]);
      try (WorkerPool pool = new WorkerPool(2, 1, 0, List.of("validationLoss"), 1)) {
        Rows rows = black(100, 1 << 16);
        pool.share(new SharedData.Content("k", new SharedData.Decoded<>("", List.of(rows))), file);
      }
    }
  }

  @Test
  void withoutRoomEachWorkerReadsItsOwn() throws Exception {
    Path file = dir.resolve("decoded.bin");
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f 1024; exec \"$0\" \"$@\""));
    ProcessBuilder program =
        ChildJvm.of(List.of("-XX:-UsePerfData"), Program.class, file.toString());
    command.addAll(program.command());
    Path said = dir.resolve("said");
    Process process =
        program.command(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    assertThat(Files.readAllLines(said))
        .singleElement()
        .asString()
        .contains("The workers do not share their data, of 6.6 MB: " + file)
        .contains("cannot be written (")
        .endsWith("); each reads its own.");
    assertThat(file).doesNotExist();
  }
}
