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
 * @param preparedSeconds the same with the classes of an earlier start, as {@code bin/descry} does
 * @param candidatesAnHour of a sweep of short trainings of the three-layer network, two workers
 */
record Program(double predictSeconds, double preparedSeconds, double candidatesAnHour) {
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
    String[] predict = {"predict", model, image};
    Path classes = bench.resolve("classes.jsa");
    seconds(build, bench, List.of("-XX:ArchiveClassesAtExit=" + classes), predict);
    List<String> prepared = List.of("-XX:SharedArchiveFile=" + classes);
    double[] plain = new double[PREDICTIONS];
    double[] quick = new double[PREDICTIONS];
    for (int i = 0; i < PREDICTIONS; i++) {
      plain[i] = seconds(build, bench, List.of(), predict);
      quick[i] = seconds(build, bench, prepared, predict);
    }
    Arrays.sort(plain);
    Arrays.sort(quick);
    double sweep =
        seconds(
            build,
            bench,
            List.of(),
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
    return new Program(plain[PREDICTIONS / 2], quick[PREDICTIONS / 2], CANDIDATES * 3600 / sweep);
  }

  private static double seconds(Path build, Path bench, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    Path log = bench.resolve("program.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Contender.DESCRY.flags());
    command.addAll(options);
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
