package org.descry.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of {@code bench.md}. */
final class Markdown {
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
      - bfloat16: the same steps of Descry, with products and convolutions rounded to bfloat16 by the
        processor's matrix unit; all else is float32, and so is the peak.
      - First step: from a network that is built to the end of its first step.
      """;

  private Markdown() {}

  static String of(Report.Results results) {
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
        | workload                | system            |  ms/step | examples/s | x Descry | Descry x best peer | bfloat16 x float32 | % of peak | first step, s | peak MB | off-heap B/step |
        |-------------------------|-------------------|---------:|-----------:|---------:|-------------------:|-------------------:|----------:|--------------:|--------:|----------------:|
        """);
    for (Report.Row row : results.rows()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %-23s | %-17s | %8.2f | %10.0f | %8s | %18s | %18s | %9s | %13.2f | %7d | %15s"
                  + " |%s%n",
              row.workload(),
              row.contender(),
              row.medianMs(),
              row.examplesPerSecond(),
              text("%.2f", row.ratioToDescry()),
              text("%.2f", row.timesAsFastAsBestPeer()),
              text("%.2f", row.timesAsFastAsFloat32()),
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
    for (Report.Setup setup : results.setups()) {
      text.append(
          String.format("- %s: %s; %s%n", setup.contender(), setup.engine(), setup.settings()));
    }
    for (Report.Absent absent : results.absent()) {
      text.append(String.format("- %s: no rows, since %s%n", absent.contender(), absent.because()));
    }
    text.append(NOTES);
    return text.toString();
  }

  private static void appendGrowth(StringBuilder text, List<Report.Growing> growths) {
    if (growths.isEmpty()) {
      return;
    }
    text.append(
        """

        | cost grows with | a unit | ns a unit, at each size | largest by smallest | of fastest steps |
        |-----------------|--------|-------------------------|--------------------:|-----------------:|
        """);
    for (Report.Growing growth : growths) {
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
              "| %s | %s | %s | %.2f | %.2f |%n",
              growth.of(),
              growth.unit(),
              String.join(", ", costs),
              growth.spread(),
              growth.leastSpread()));
    }
  }

  private static String text(String format, Double value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }
}
