package org.descry.sweep.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.descry.metrics.EpochMetrics;
import org.descry.report.LineChart;
import org.descry.report.LineChart.Series;
import org.descry.report.Scale;
import org.descry.sweep.Trial;

/** What all candidates measured after each epoch, the best ones on top. */
record CurvePlots(SweepResults results, List<Standing> standings, Marks marks) {
  String html() {
    String metric = results.objective().metric();
    StringBuilder charts = new StringBuilder();
    charts.append(chart("training loss", EpochMetrics::trainLoss));
    charts.append(chart("validation loss", EpochMetrics::validationLoss));
    if (epochs().stream().anyMatch(epoch -> epoch.scores().containsKey(metric))) {
      charts.append(chart(metric, epoch -> epoch.scores().getOrDefault(metric, Double.NaN)));
    }
    return charts.toString();
  }

  private List<EpochMetrics> epochs() {
    return results.candidates().stream()
        .flatMap(candidate -> candidate.trials().stream())
        .flatMap(trial -> trial.epochs().stream())
        .toList();
  }

  private String chart(String name, ToDoubleFunction<EpochMetrics> value) {
    List<Series> curves = new ArrayList<>();
    for (int i = standings.size() - 1; i >= 0; i--) {
      Standing standing = standings.get(i);
      for (Trial trial : standing.candidate().trials()) {
        curves.add(
            new Series(
                "candidate " + standing.number(),
                marks.attributes(standing),
                trial.epochs().stream().mapToDouble(value).boxed().toList()));
      }
    }
    return LineChart.svg(name, "", curves, Scale.fitting(LineChart.values(curves)));
  }
}
