package org.descry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program as people start it, from the start of its JVM to its end: one image to an answer, and
 * a sweep. Medians of several runs.
 *
 * @param predictSeconds {@code predict} of one image by one of the models that come along
 * @param candidatesAnHour of a sweep of short trainings of the three-layer network, two workers
 */
record Program(double predictSeconds, double candidatesAnHour) {
  private static final int PREDICTIONS = 5;
  private static final int CANDIDATES = 8;
  private static final long LIMIT_SECONDS = 180;

  /**
   * @param build Maven's build directory, beside which the project lies
   * @throws IOException if the program cannot be started or fails
   * @throws InterruptedException if the wait for it is interrupted
   */
  static Program measure(Path build, Path bench) throws IOException, InterruptedException {
    Path project = build.getParent();
    String image = Batches.imageFile(ConvSpec.THREE_LAYER).toString();
    String model = project.resolve("models/shapes-classifier.zip").toString();
    double[] predictions = new double[PREDICTIONS];
    for (int i = 0; i < PREDICTIONS; i++) {
      predictions[i] = seconds(build, bench, "predict", model, image);
    }
    Arrays.sort(predictions);
    double sweep =
        seconds(
            build,
            bench,
            "sweep",
            project.resolve("resources/sweeps/shapes-three-layer.yaml").toString(),
            "--force",
            "--set",
            "output.dir=" + bench.resolve("runs"),
            "--set",
            "budget.candidates=" + CANDIDATES,
            "--set",
            "data.train=2000",
            "--set",
            "training.epochs=2");
    return new Program(predictions[PREDICTIONS / 2], CANDIDATES * 3600 / sweep);
  }

  private static double seconds(Path build, Path bench, String... arguments)
      throws IOException, InterruptedException {
    Path log = bench.resolve("program.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Contender.DESCRY.flags());
    command.addAll(List.of("-jar", build.resolve("descry.jar").toString()));
    command.addAll(List.of(arguments));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    try {
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (!ended || process.exitValue() != 0) {
        try (Stream<String> lines = Files.lines(log)) {
          throw new IOException(
              "%s failed: %s".formatted(command, lines.limit(PREDICTIONS).toList()));
        }
      }
    } finally {
      process.destroyForcibly();
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
