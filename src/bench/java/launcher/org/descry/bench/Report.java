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
import java.util.Map;
import java.util.function.ToDoubleFunction;

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
      Double timesAsFastAsFloat32,
      Double percentOfPeak,
      double firstStepMs,
      long peakResidentMb,
      Long offHeapBytesPerStep,
      Double firstLoss,
      Double lastLoss,
      boolean clean,
      List<Double> mediansMs) {}

  /** A contender that has no rows, and why. */
  record Absent(String contender, String because) {}

  /** A contender's engine and the settings of its JVM. */
  record Setup(String contender, String engine, String settings) {}

  /**
   * How a cost grows.
   *
   * @param sizes by the names of their rows
   * @param nanoseconds of each unit at each size
   * @param spread the largest of them by the smallest
   * @param leastSpread the same of the fastest step at each size, which other guests of the machine
   *     do not lengthen
   */
  record Growing(
      String of,
      String unit,
      List<String> sizes,
      List<Double> nanoseconds,
      double spread,
      double leastSpread) {}

  /** The whole of {@code bench.json}. */
  record Results(
      Machine machine,
      int rounds,
      double peakGflops,
      double seconds,
      List<Setup> setups,
      List<Absent> absent,
      List<Row> rows,
      List<Growing> growth,
      Program program) {}

  private final Machine machine;
  private final int rounds;
  private final Map<Workload, Map<Contender, List<Measurement>>> measurements =
      new LinkedHashMap<>();
  private final Map<Contender, String> absent = new EnumMap<>(Contender.class);
  private Program program;

  Report(Machine machine, int rounds) {
    this.machine = machine;
    this.rounds = rounds;
  }

  void add(Program measured) {
    program = measured;
  }

  /** A contender that this machine cannot run has no rows. */
  void addAbsent(Contender contender, String because) {
    absent.put(contender, because);
    System.out.printf("no rows of %s: %s%n", contender.label(), because);
  }

  boolean isAbsent(Contender contender) {
    return absent.containsKey(contender);
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
    Files.writeString(directory.resolve("bench.md"), Markdown.of(results));
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
    List<Absent> missing =
        absent.entrySet().stream().map(e -> new Absent(e.getKey().label(), e.getValue())).toList();
    return new Results(
        machine, rounds, peakGflops, seconds, setups, missing, rows, growth(), program);
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
              List<Double> costs = costs(growth, all -> best(all).medianMs());
              return new Growing(
                  growth.of(),
                  growth.unit(),
                  growth.sizes().stream().map(Workload::id).toList(),
                  costs,
                  spread(costs),
                  spread(costs(growth, Report::fastestMs)));
            })
        .toList();
  }

  /** Nanoseconds of a unit at each size. */
  private List<Double> costs(
      Workload.Growth growth, ToDoubleFunction<List<Measurement>> milliseconds) {
    return growth.sizes().stream()
        .map(
            size ->
                milliseconds.applyAsDouble(measurements.get(size).get(Contender.DESCRY))
                    * 1e6
                    / size.batch())
        .toList();
  }

  private static double spread(List<Double> costs) {
    return Collections.max(costs) / Collections.min(costs);
  }

  private static double fastestMs(List<Measurement> all) {
    return all.stream().mapToDouble(Measurement::minMs).min().orElseThrow();
  }

  /** The fastest float32 arithmetic seen in this run: the matrix product's, as a rule. */
  private double peakGflops() {
    double peak = 0;
    for (Map.Entry<Workload, Map<Contender, List<Measurement>>> entry : measurements.entrySet()) {
      for (Map.Entry<Contender, List<Measurement>> one : entry.getValue().entrySet()) {
        if (one.getKey().multipliesFloat32()) {
          double medianMs = best(one.getValue()).medianMs();
          peak = Math.max(peak, entry.getKey().flops() / medianMs / 1e6);
        }
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
        contender.multipliesFloat32() || descry == null
            ? null
            : best(descry).medianMs() / best.medianMs(),
        workload.isMoreThanArithmetic() || !contender.multipliesFloat32()
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
}
