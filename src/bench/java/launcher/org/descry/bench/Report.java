package org.descry.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gathers the measurements of all rounds and writes them as JSON and as a Markdown table. */
final class Report {
  /** One row: the best round of a contender at a workload. Null where there is nothing to say. */
  record Row(
      String workload,
      String contender,
      double medianMs,
      double examplesPerSecond,
      Double ratioToDescry,
      Double timesAsFastAsBestPeer,
      Double percentOfPeak,
      double firstStepMs,
      long peakResidentMb,
      Long offHeapBytesPerStep,
      Double firstLoss,
      Double lastLoss,
      boolean clean,
      List<Double> mediansMs) {}

  /** A contender's engine and the settings of its JVM. */
  record Setup(String contender, String engine, String settings) {}

  /**
   * How a cost grows.
   *
   * @param sizes by the names of their rows
   * @param nanoseconds of each unit at each size
   * @param spread the largest of them by the smallest
   */
  record Growing(
      String of, String unit, List<String> sizes, List<Double> nanoseconds, double spread) {}

  /** The whole of {@code bench.json}. */
  record Results(
      Machine machine,
      int rounds,
      double peakGflops,
      double seconds,
      List<Setup> setups,
      List<Row> rows,
      List<Growing> growth,
      Program program) {}

  /** What a reader of the table must know of the peers' ways. */
  private static final String NOTES =
      """

      - caption-generation: Descry's decoder multiplies the vectors of all words by the input
        weights once for a model, before the time counts; the others do it word by word.
      - captioning-step: DL4J's SimpleRnn takes no initial state from another layer, so its
        features come in as one step more.
      - PyTorch and TensorFlow run as DJL and TensorFlow Java bring them, with their oneDNN on and
        as many threads as Descry: TensorFlow as one graph with channels-last images, its fused
        Adam, fused batch normalisation and one thread between operations; PyTorch with its fused
        recurrent layers. SameDiff and DL4J's layers, which are slower throughout, do the first
        nine rows alone.
      - First step: from a network that is built to the end of its first step.
      """;

  private final Machine machine;
  private final int rounds;
  private final Map<Workload, Map<Contender, List<Measurement>>> measurements =
      new LinkedHashMap<>();
  private Program program;

  Report(Machine machine, int rounds) {
    this.machine = machine;
    this.rounds = rounds;
  }

  void add(Program measured) {
    program = measured;
  }

  void add(Workload workload, Contender contender, Measurement measurement) {
    measurements
        .computeIfAbsent(workload, key -> new EnumMap<>(Contender.class))
        .computeIfAbsent(contender, key -> new ArrayList<>())
        .add(measurement);
  }

  void write(Path directory, double seconds) throws IOException {
    Results results = results(seconds);
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(directory.resolve("bench.json").toFile(), results);
    Files.writeString(directory.resolve("bench.md"), markdown(results));
  }

  private Results results(double seconds) {
    double peakGflops = peakGflops();
    List<Row> rows = new ArrayList<>();
    Map<Contender, String> engines = new EnumMap<>(Contender.class);
    measurements.forEach(
        (workload, byContender) ->
            byContender.forEach(
                (contender, all) -> {
                  engines.put(contender, all.get(0).engine());
                  rows.add(row(workload, contender, all, peakGflops));
                }));
    List<Setup> setups =
        engines.entrySet().stream()
            .map(e -> new Setup(e.getKey().label(), e.getValue(), e.getKey().settings()))
            .toList();
    return new Results(machine, rounds, peakGflops, seconds, setups, rows, growth(), program);
  }

  private List<Growing> growth() {
    return Workload.GROWTHS.stream()
        .filter(growth -> measurements.keySet().containsAll(growth.sizes()))
        .filter(
            growth ->
                growth.sizes().stream()
                    .allMatch(size -> measurements.get(size).containsKey(Contender.DESCRY)))
        .map(
            growth -> {
              List<Double> costs =
                  growth.sizes().stream()
                      .map(
                          size ->
                              best(measurements.get(size).get(Contender.DESCRY)).medianMs()
                                  * 1e6
                                  / size.batch())
                      .toList();
              return new Growing(
                  growth.of(),
                  growth.unit(),
                  growth.sizes().stream().map(Workload::id).toList(),
                  costs,
                  Collections.max(costs) / Collections.min(costs));
            })
        .toList();
  }

  /** The fastest arithmetic seen in this run: the matrix product's, as a rule. */
  private double peakGflops() {
    double peak = 0;
    for (Map.Entry<Workload, Map<Contender, List<Measurement>>> entry : measurements.entrySet()) {
      for (List<Measurement> all : entry.getValue().values()) {
        peak = Math.max(peak, entry.getKey().flops() / best(all).medianMs() / 1e6);
      }
    }
    return peak;
  }

  private Row row(
      Workload workload, Contender contender, List<Measurement> all, double peakGflops) {
    Measurement best = best(all);
    List<Measurement> descry = measurements.get(workload).get(Contender.DESCRY);
    boolean trains = !Double.isNaN(best.firstLoss());
    return new Row(
        workload.id(),
        contender.label(),
        best.medianMs(),
        workload.batch() * 1e3 / best.medianMs(),
        descry == null ? null : best.medianMs() / best(descry).medianMs(),
        contender == Contender.DESCRY ? timesAsFast(workload, best.medianMs()) : null,
        workload.isMoreThanArithmetic()
            ? null
            : 100 * workload.flops() / best.medianMs() / 1e6 / peakGflops,
        best.firstStepMs(),
        Math.round(best.peakResidentMb()),
        contender.countsMemory() ? Math.round(best.offHeapBytesPerStep()) : null,
        trains ? best.firstLoss() : null,
        trains ? best.lastLoss() : null,
        best.clean(),
        all.stream().map(Measurement::medianMs).toList());
  }

  private Double timesAsFast(Workload workload, double medianMs) {
    return measurements.get(workload).entrySet().stream()
        .filter(entry -> entry.getKey().isPeer())
        .map(entry -> best(entry.getValue()).medianMs() / medianMs)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** The round with the smallest median. */
  private static Measurement best(List<Measurement> all) {
    return all.stream().min(Comparator.comparingDouble(Measurement::medianMs)).orElseThrow();
  }

  private static String markdown(Results results) {
    Machine machine = results.machine();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %d cores, %d threads, %s, %s, %s. Smallest median of %d rounds. Peak: %.0f"
                + " GFLOP/s.%n%n",
            machine.processor(),
            machine.cores(),
            machine.threads(),
            machine.java(),
            machine.system(),
            machine.date(),
            results.rounds(),
            results.peakGflops()));
    text.append(
        """
        | workload                | system            |  ms/step | examples/s | x Descry | Descry x best peer | % of peak | first step, s | peak MB | off-heap B/step |
        |-------------------------|-------------------|---------:|-----------:|---------:|-------------------:|----------:|--------------:|--------:|----------------:|
        """);
    for (Row row : results.rows()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %-23s | %-17s | %8.2f | %10.0f | %8s | %18s | %9s | %13.2f | %7d | %15s |%s%n",
              row.workload(),
              row.contender(),
              row.medianMs(),
              row.examplesPerSecond(),
              text("%.2f", row.ratioToDescry()),
              text("%.2f", row.timesAsFastAsBestPeer()),
              text("%.1f", row.percentOfPeak()),
              row.firstStepMs() / 1e3,
              row.peakResidentMb(),
              row.offHeapBytesPerStep() == null ? "" : row.offHeapBytesPerStep(),
              row.clean() ? "" : " the machine was not quiet"));
    }
    appendGrowth(text, results.growth());
    if (results.program() != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "%nStart of predict to the answer on one image: %.2f s, with the classes of an"
                  + " earlier start %.2f s. A sweep of short trainings: %.0f candidates an hour.%n",
              results.program().predictSeconds(),
              results.program().preparedSeconds(),
              results.program().candidatesAnHour()));
    }
    text.append(
        String.format(Locale.ROOT, "%nAll of it took %.1f minutes.%n%n", results.seconds() / 60));
    for (Setup setup : results.setups()) {
      text.append(
          String.format("- %s: %s; %s%n", setup.contender(), setup.engine(), setup.settings()));
    }
    text.append(NOTES);
    return text.toString();
  }

  private static void appendGrowth(StringBuilder text, List<Growing> growths) {
    if (growths.isEmpty()) {
      return;
    }
    text.append(
        """

        | cost grows with | a unit | ns a unit, at each size | largest by smallest |
        |-----------------|--------|-------------------------|--------------------:|
        """);
    for (Growing growth : growths) {
      List<String> costs = new ArrayList<>();
      for (int i = 0; i < growth.sizes().size(); i++) {
        String size = growth.sizes().get(i);
        costs.add(
            String.format(
                Locale.ROOT,
                "%s: %.1f",
                size.substring(size.lastIndexOf('-') + 1),
                growth.nanoseconds().get(i)));
      }
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.2f |%n",
              growth.of(),
              growth.unit(),
              String.join(", ", costs),
              growth.spread()));
    }
  }

  private static String text(String format, Double value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }
}
