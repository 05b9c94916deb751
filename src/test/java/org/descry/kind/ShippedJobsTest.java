package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.descry.data.builtin.Shapes;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.job.JobFile;
import org.descry.train.Training.Start;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every job that comes with Descry computes the same bits each time, interrupted or not. */
class ShippedJobsTest {
  @TempDir Path dir;

  static List<Path> jobs() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("resources/jobs"))) {
      return files.sorted().toList();
    }
  }

  /** On so many examples; sets that have to be fetched have generated ones in their place. */
  private JobFile job(Path file, int train, String runs) {
    JobFile job = JobFile.read(file).set("output.dir=" + dir.resolve(runs));
    String name = file.getFileName().toString();
    String sizes = "train: %s, validation: 10, test: 10".formatted(train);
    if (name.startsWith("cifar10")) {
      Path folder = dir.resolve("cifar");
      if (!Files.exists(folder)) {
        CifarWriter.write(Shapes.generate(1, train, 10, 10), folder);
      }
      return job.set("data.source=cifar10").set("data.path=" + folder).set("data.validation=10");
    } else if (name.startsWith("flickr8k") || name.startsWith("shapes-captions")) {
      return job.set("data={source: shape-captions, %s}".formatted(sizes));
    }
    return name.startsWith("shapes")
        ? job.set("data={source: shapes, %s, augment: {mirror: true, shift: 2}}".formatted(sizes))
        : job;
  }

  private void equal(Path file, int train, String... settings) throws IOException {
    JobFile[] jobs = new JobFile[3];
    for (int i = 0; i < jobs.length; i++) {
      jobs[i] = job(file, train, "run" + i);
      for (String setting : settings) {
        jobs[i] = jobs[i].set(setting);
      }
    }
    ResumedJobs.run(jobs[0], Start.NEW);
    ResumedJobs.run(jobs[1], Start.NEW);
    ResumedJobs.runFor(1, jobs[2], Start.NEW);
    ResumedJobs.runFor(2, jobs[2], Start.RESUME);
    ResumedJobs.runFor(1, jobs[2], Start.RESUME);
    ResumedJobs.run(jobs[2], Start.RESUME);
    String name = jobs[0].job().name();
    for (int i = 1; i < jobs.length; i++) {
      ResumedJobs.assertEqual(dir.resolve("run" + i).resolve(name), dir.resolve("run0/" + name));
    }
    assertThat(dir.resolve("run2").resolve(name).resolve("summary.json")).exists();
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aShortSlice(Path job) throws IOException {
    boolean text = job.toString().endsWith("-rnn.yaml"); // a step an epoch
    equal(
        job,
        12,
        "training.epochs=" + (text ? 8 : 2),
        "training.batchSize=4",
        inSmall(job),
        slowly(job));
  }

  /** Rates for large batches are too much for four examples. */
  private static String slowly(Path job) {
    return job.getFileName().toString().matches("cifar10-(fast|quick).*|.*-resnet20.*")
        ? "training.optimizer.learningRate=1e-3"
        : "seed=1";
  }

  /** What makes the largest quick. */
  private static String inSmall(Path job) {
    return switch (job.getFileName().toString()) {
      case "cifar10-three-layer.yaml", "flickr8k.yaml" -> "model.hidden=16";
      case "cifar10-fast.yaml", "cifar10-quick.yaml" -> "model.widths=[4, 4, 4]";
      default -> "seed=1";
    };
  }

  @ParameterizedTest
  @MethodSource("jobs")
  @Tag("slow")
  void asItIsOnFewerExamples(Path job) throws IOException {
    boolean text = job.toString().endsWith("-rnn.yaml");
    equal(job, 500, text ? "name=whole" : "training.epochs=4");
  }
}
