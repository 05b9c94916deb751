package org.descry.sweep.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.report.LineChart;
import org.descry.report.LineChart.Series;
import org.descry.report.Scale;
import org.descry.sweep.trial.Trial;

/** What all candidates measured after each epoch, the best ones on top. */
record CurvePlots(SweepResults results, List<RankedCandidate> ranking, CandidateStyle style) {
  String html() {
    String metric = results.objective().metric();
    StringBuilder charts = new StringBuilder();
    charts.append(
        chart(Metric.title(EpochMetrics.TRAIN_LOSS.name()), EpochMetrics.TRAIN_LOSS.name()));
    charts.append(
        chart(
            Metric.title(EpochMetrics.VALIDATION_LOSS.name()),
            EpochMetrics.VALIDATION_LOSS.name()));
    if (epochs().stream().anyMatch(epoch -> epoch.scores().containsKey(metric))) {
      charts.append(chart(Metric.title(metric), metric));
    }
    return charts.toString();
  }

  /** The best score so far, by each thing that is spent. */
  String history() {
    List<History> only = List.of(History.of(results));
    return Stream.of(History.Cost.values())
        .map(cost -> History.figure(only, List.of("class='held'"), cost))
        .collect(Collectors.joining());
  }

  private List<EpochMetrics> epochs() {
    return results.candidates().stream()
        .flatMap(candidate -> candidate.trials().stream())
        .flatMap(trial -> trial.epochs().stream())
        .toList();
  }

  private String chart(String name, String metric) {
    List<Series> curves = new ArrayList<>();
    for (int i = ranking.size() - 1; i >= 0; i--) {
      RankedCandidate ranked = ranking.get(i);
      for (Trial trial : ranked.candidate().trials()) {
        curves.add(
            new Series(
                "candidate " + ranked.number(),
                style.attributes(ranked),
                trial.epochs().stream().map(epoch -> epoch.value(metric)).toList()));
      }
    }
    return LineChart.svg(name, "", curves, Scale.fitting(LineChart.values(curves)));
  }
}
