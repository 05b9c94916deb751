package org.descry.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
      double percentOfPeak,
      Long offHeapBytesPerStep,
      Double firstLoss,
      Double lastLoss,
      boolean clean,
      List<Double> mediansMs) {}

  /** A contender's engine and the settings of its JVM. */
  record Setup(String contender, String engine, String settings) {}

  /** The whole of {@code bench.json}. */
  record Results(
      Machine machine, int rounds, double peakGflops, List<Setup> setups, List<Row> rows) {}

  /** What a reader of the table must know of the peers' ways. */
  private static final String NOTES =
      """

      - caption-generation: Descry's decoder multiplies the vectors of all words by the input
        weights once for a model, before the time counts; the others do it word by word.
      - captioning-step: DL4J's SimpleRnn takes no initial state from another layer, so its
        features come in as one step more.
      """;

  private final Machine machine;
  private final int rounds;
  private final Map<Workload, Map<Contender, List<Measurement>>> measurements =
      new LinkedHashMap<>();

  Report(Machine machine, int rounds) {
    this.machine = machine;
    this.rounds = rounds;
  }

  void add(Workload workload, Contender contender, Measurement measurement) {
    measurements
        .computeIfAbsent(workload, key -> new EnumMap<>(Contender.class))
        .computeIfAbsent(contender, key -> new ArrayList<>())
        .add(measurement);
  }

  void write(Path directory) throws IOException {
    Results results = results();
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(directory.resolve("bench.json").toFile(), results);
    Files.writeString(directory.resolve("bench.md"), markdown(results));
  }

  private Results results() {
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
    return new Results(machine, rounds, peakGflops, setups, rows);
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
        100 * workload.flops() / best.medianMs() / 1e6 / peakGflops,
        contender.countsMemory() ? Math.round(best.offHeapBytesPerStep()) : null,
        trains ? best.firstLoss() : null,
        trains ? best.lastLoss() : null,
        best.clean(),
        all.stream().map(Measurement::medianMs).toList());
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
        | workload                | system            |  ms/step | examples/s | x Descry | % of peak | off-heap B/step |
        |-------------------------|-------------------|---------:|-----------:|---------:|----------:|----------------:|
        """);
    for (Row row : results.rows()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %-23s | %-17s | %8.2f | %10.0f | %8s | %9.1f | %15s |%s%n",
              row.workload(),
              row.contender(),
              row.medianMs(),
              row.examplesPerSecond(),
              row.ratioToDescry() == null
                  ? ""
                  : String.format(Locale.ROOT, "%.2f", row.ratioToDescry()),
              row.percentOfPeak(),
              row.offHeapBytesPerStep() == null ? "" : row.offHeapBytesPerStep(),
              row.clean() ? "" : " the machine was not quiet"));
    }
    text.append('\n');
    for (Setup setup : results.setups()) {
      text.append(
          String.format("- %s: %s; %s%n", setup.contender(), setup.engine(), setup.settings()));
    }
    text.append(NOTES);
    return text.toString();
  }
}
