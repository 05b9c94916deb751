package org.descry.sweep.report;

import static org.descry.sweep.report.CandidateStyle.svg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.descry.metrics.EpochMetrics;
import org.descry.report.LineChart;
import org.descry.report.LineChart.Series;
import org.descry.report.Plot;
import org.descry.report.Scale;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;

/** What all candidates measured after each epoch, the best ones on top. */
record CurvePlots(SweepResults results, List<RankedCandidate> ranking, CandidateStyle style) {
  String html() {
    String metric = results.objective().metric();
    StringBuilder charts = new StringBuilder();
    charts.append(chart("training loss", EpochMetrics.TRAIN_LOSS.name()));
    charts.append(chart("validation loss", EpochMetrics.VALIDATION_LOSS.name()));
    if (epochs().stream().anyMatch(epoch -> epoch.scores().containsKey(metric))) {
      charts.append(chart(metric, metric));
    }
    return charts.toString();
  }

  /** The best score of the candidates so far that were trained to their end, one after another. */
  String history() {
    BinaryOperator<Double> better =
        BinaryOperator.minBy(results.objective().goal().bestFirst()); // NaN last
    List<Double> best = new ArrayList<>();
    double now = Double.NaN;
    for (Candidate candidate : results.candidates()) {
      if (candidate.whole()) {
        now = better.apply(now, candidate.score());
      }
      best.add(now);
    }
    Plot plot = new Plot(Scale.counting(best.size()), Scale.fitting(best));
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < best.size(); i++) {
      double top = plot.top(best.get(i));
      if (!Double.isNaN(top)) {
        points.append(svg("%.1f,%.1f ", plot.left(i + 1), top));
      }
    }
    return plot.figure(
        "best by number of candidates",
        "",
        "<g class='held'><polyline points='%s'/></g>".formatted(points.toString().strip()));
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
